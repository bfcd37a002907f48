import type { BrowserContext } from 'playwright-core';
import { axeViolations, visit } from './visit.js';

/** Addresses that a system with a finished demo has, by name. */
export interface DemoPages {
  readonly [name: string]: string;
}

/** Finds the addresses of the demo's results by following the pages' own links, as a reader would. */
export async function findDemoPages(context: BrowserContext, webUrl: string): Promise<DemoPages> {
  const { page } = await visit(context, webUrl);
  const firstLink = async (path: string, prefix: string): Promise<string> => {
    await page.goto(`${webUrl}${path}`, { waitUntil: 'networkidle' });
    const href = await page.locator(`main a[href^="${prefix}"]`).first().getAttribute('href');
    if (!href) throw new Error(`${path} has no link to ${prefix}…`);
    return href;
  };
  const space = await firstLink('/spaces', '/spaces/demo/fashion-mobile');
  const pages = {
    leaderboards: '/',
    leaderboard: await firstLink('/', '/leaderboards/'),
    comparisons: '/comparisons',
    newComparison: '/comparisons/new',
    // The ids of comparisons begin alike; the link to a new one does not.
    comparison: await firstLink('/comparisons', '/comparisons/Y2'),
    spaces: '/spaces',
    newSpace: '/spaces/new',
    space,
    prune: `${space}/prune`,
    models: '/models',
    accuracy: '/accuracy',
    upload: '/accuracy/upload',
    // The ids of sources begin alike; the link to the upload does not.
    source: await firstLink('/accuracy', '/accuracy/YX'),
    profiles: '/profiles',
    // The ids of profiles begin alike; the link to the import does not.
    profile: await firstLink('/profiles', '/profiles/ZH'),
    importProfile: '/profiles/import',
    runs: '/runs',
    search: await firstLink('/runs', '/runs/'),
    devices: '/devices',
    measure: '/measure',
  };
  const campaigns = page.getByRole('region', { name: 'Measuring campaigns' });
  await page.goto(`${webUrl}/runs`, { waitUntil: 'networkidle' });
  const campaign = await campaigns.locator('a').first().getAttribute('href');
  await page.goto(`${webUrl}${pages.space}`, { waitUntil: 'networkidle' });
  const newSearch = await page.getByRole('link', { name: 'Search it' }).getAttribute('href');
  await page.close();
  const id = pages.profile.split('/').at(-1) ?? '';
  // Against itself: the demo has one profile.
  const comparedProfiles = `/profiles/compare?a=${id}&b=${id}`;
  return { ...pages, comparedProfiles, ...(campaign && { campaign }), ...(newSearch && { newSearch }) };
}

/** What is wrong with a page: what it printed, its accessibility violations, and a width that does not fit. */
export async function faultsOf(context: BrowserContext, url: string): Promise<string[]> {
  const { page, printed } = await visit(context, url);
  const violations = await axeViolations(page);
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  const alert = await page.locator('main [role="alert"]:visible').allTextContents();
  await page.close();
  return [...printed, ...violations, ...alert, ...(overflow > 0 ? [`${overflow} px too wide`] : [])];
}
