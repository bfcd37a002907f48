import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { SiteHeader } from '@/components/site-header';
import { THEME_COOKIE } from '@/server/session';
import './globals.css';

const sans = localFont({
  src: '../../node_modules/@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2',
  variable: '--font-source-sans',
  weight: '200 900',
  display: 'swap',
});
const mono = localFont({
  src: '../../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
  variable: '--font-jetbrains',
  weight: '100 800',
  display: 'swap',
});

export const metadata: Metadata = {
  title: { default: 'Espalier: leaderboards of networks on real hardware', template: '%s · Espalier' },
  description: 'Prune neural-architecture search spaces to fit real hardware, and publish the frontier.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfaf6' },
    { media: '(prefers-color-scheme: dark)', color: '#111412' },
  ],
};

/** The theme is in a cookie, so that the first byte already has it and nothing flashes. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const chosen = (await cookies()).get(THEME_COOKIE)?.value;
  const theme = chosen === 'light' || chosen === 'dark' ? chosen : undefined;
  return (
    <html
      lang="en"
      data-theme={theme}
      className={`${sans.variable} ${mono.variable}`}
      suppressHydrationWarning
    >
      <body className="min-h-dvh">
        <a href="#content" className="button fixed left-4 top-2 z-50 -translate-y-16 focus:translate-y-0">
          Skip to content
        </a>
        <SiteHeader theme={theme ?? 'system'} />
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-[1280px] px-4 pb-24 pt-8 outline-none sm:px-8 sm:pt-12"
        >
          {children}
        </main>
      </body>
    </html>
  );
}
