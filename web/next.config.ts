import type { NextConfig } from 'next';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Headers that do not change from request to request; the content security policy with its nonce is in `proxy.ts`. */
const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  // Both together isolate pages from other origins, which threads and an exact clock need on /measure. They stand everywhere:
  // who comes to it by a link inside the site keeps the document that she came with.
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Embedder-Policy', value: 'require-corp' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=()' },
];

const here = dirname(fileURLToPath(import.meta.url));

/** The runtime of measuring pages lies in a folder of its version (scripts/onnxruntime-web.mjs), so that it never changes. */
const runtimes = join(here, 'public/onnxruntime-web');
const [runtime = ''] = existsSync(runtimes) ? readdirSync(runtimes) : [];
const runtimeHeaders = [{ key: 'Cache-Control', value: 'public, max-age=31536000, immutable' }];

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  turbopack: { root: join(here, '..') },
  env: { ONNXRUNTIME_WEB: `/onnxruntime-web/${runtime}/` },
  headers: async () => [
    { source: '/:path*', headers: securityHeaders },
    { source: '/onnxruntime-web/:path*', headers: runtimeHeaders },
  ],
  redirects: async () => [{ source: '/leaderboards', destination: '/', permanent: false }],
};

export default config;
