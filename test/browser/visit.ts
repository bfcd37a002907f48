import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Visit {
  readonly page: Page;
  /** What the page printed: everything, since a page prints nothing. */
  readonly printed: string[];
}

export interface VisitorOptions {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
}

/** A visitor of her own, with no cookies; the policy is bypassed only to let axe in. */
export function newVisitor(
  browser: Browser,
  { theme = 'light', width = 1280 }: VisitorOptions = {},
): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    bypassCSP: true,
    acceptDownloads: true,
  });
}

/** Opens an address and records all that the console says. */
export async function visit(context: BrowserContext, url: string): Promise<Visit> {
  const page = await context.newPage();
  const printed: string[] = [];
  page.on('console', (message) => printed.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => printed.push(`uncaught: ${error.message}`));
  await page.goto(url, { waitUntil: 'networkidle' });
  return { page, printed };
}

/** Accessibility violations of the page as it stands, one line each. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    interface Violation {
      id: string;
      nodes: { html: string }[];
    }
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
  });
}

export async function signIn(
  page: Page,
  webUrl: string,
  account: { email: string; password: string },
): Promise<void> {
  await page.goto(`${webUrl}/sign-in`);
  await page.getByLabel('E-mail').fill(account.email);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
