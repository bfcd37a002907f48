import { NextResponse, type NextRequest } from 'next/server';

/**
 * Gives every page its own content security policy. Next.js streams inline scripts, so a nonce is the only way to
 * refuse injected ones; styles may be inline because charts place their marks with style attributes.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const development = process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : '';
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

// Workers take the policy of their own file: the runtime's compile WebAssembly, which a page may not.
export const config = { matcher: [{ source: '/((?!_next/static|_next/image|onnxruntime-web|icon.svg).*)' }] };
