import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { runDemo } from '../../scripts/system.mjs';
import { TestCreateModelDocument } from '../graphql/generated/documents.js';
import { demoResults, type Demo } from '../demo-results.js';
import { startSystem, type TestSystem } from '../system.js';
import { openBrowser } from './chromium.js';
import { findDemoPages, faultsOf, type DemoPages } from './pages.js';
import { spacesAndModels } from './spaces-and-models.js';
import { newVisitor, signIn, visit } from './visit.js';

const MINUTES = 60_000;

let system: TestSystem;
let webUrl: string;
let browser: Browser;
let member: BrowserContext;
let pages: DemoPages;
let demo: Demo;

beforeAll(async () => {
  browser = await openBrowser();
  system = await startSystem({ web: true, agent: true });
  if (!system.webUrl) throw new Error('The system was started without its web.');
  webUrl = system.webUrl;
  demo = (await runDemo({ apiUrl: system.apiUrl, demo: system.demo, space: 'mobile' }).finished) as Demo;
  member = await newVisitor(browser);
  const page = await member.newPage();
  await signIn(page, webUrl, system.demo);
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await page.close();
  pages = await findDemoPages(member, webUrl);
}, 12 * MINUTES);

afterAll(async () => {
  await browser?.close();
  await system?.stop();
}, MINUTES);

const address = (name: string): string => `${webUrl}${pages[name] ?? `/${name}`}`;

/** The leaderboard, opened by a visitor, its cloud drawn. */
async function openLeaderboard(query = ''): Promise<{ page: Page; close: () => Promise<void> }> {
  const context = await newVisitor(browser);
  const { page } = await visit(context, `${address('leaderboard')}${query}`);
  await page.locator('canvas[data-drawn]').waitFor({ state: 'attached' });
  return { page, close: () => context.close() };
}

const entriesOf = (page: Page, selector: string): Promise<(string | null)[]> =>
  page.locator(selector).evaluateAll((marks) => marks.map((mark) => mark.getAttribute('data-entry')));

demoResults(() => demo);

describe('every page', () => {
  // Themes change colours and widths the layout: two visits see all of both.
  for (const [theme, width] of [
    ['light', 1280],
    ['dark', 360],
  ] as const)
    it(
      `prints nothing, has no accessibility violation and fits: ${theme}, ${width} px`,
      async () => {
        const context = await newVisitor(browser, { theme, width });
        await context.addCookies(await member.cookies());
        const faults: Record<string, string[]> = {};
        const left = Object.entries(pages);
        const visitLeft = async (): Promise<void> => {
          for (let next = left.pop(); next; next = left.pop()) {
            const found = await faultsOf(context, `${webUrl}${next[1]}`);
            if (found.length > 0) faults[next[0]] = found;
          }
        };
        await Promise.all([visitLeft(), visitLeft(), visitLeft()]);
        await context.clearCookies();
        const signInFaults = await faultsOf(context, `${webUrl}/sign-in`);
        await context.close();
        expect({ ...faults, ...(signInFaults.length > 0 ? { signInFaults } : {}) }).toEqual({});
      },
      3 * MINUTES,
    );
});

describe('the pruning page', () => {
  it('shows live what a rule would do, keeps the view in the address and makes the version', async () => {
    const { page, printed } = await visit(member, `${webUrl}/spaces/demo/fashion-mobile/prune`);
    const kept = () => page.locator('td[data-kept="true"]').count();
    await expect.poll(kept).toBe(27);
    await page.getByRole('combobox', { name: 'Rule' }).selectOption('BASE_NETWORK_COST');
    await page.getByRole('slider', { name: 'Choices to remove' }).fill('80');
    await page.getByRole('slider', { name: 'how much latency counts' }).fill('0');
    // A fifth of 81, and the default of a layer that would have none.
    await expect.poll(kept).toBe(18);
    expect(new URL(page.url()).search).toBe('?rule=BASE_NETWORK_COST&ratio=0.8&lambda=0');
    await page.getByRole('combobox', { name: 'Rule' }).selectOption('MANUAL');
    await page.locator('td[data-kept="false"] button').first().click();
    await expect.poll(kept).toBe(19);
    const create = page.getByRole('button', { name: 'Create the pruned space' });
    await page.locator('section[aria-busy="false"]').waitFor();
    await create.click();
    await page.waitForURL(/fashion-mobile\?version=/);
    const heading = await page.getByRole('heading', { name: /^Pruned: manual/ }).innerText();
    await page.close();
    expect(heading).toMatch(/[\d,]+ networks$/);
    expect(printed).toEqual([]);
  });
});

describe('a profile', () => {
  it('says how to measure it again and gives every sample', async () => {
    const { page } = await visit(member, address('profile'));
    const command = await page.locator('code.command').first().innerText();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Every sample' }).click(),
    ]);
    const dots = await page.locator('.plot-dot').count();
    await page.close();
    expect(command).toMatch(/^espalier profile start demo\/fashion-mobile --method ISOLATED/);
    expect(download.suggestedFilename()).toBe('samples.ndjson.gz');
    expect(dots).toBeGreaterThan(40);
  });
});

describe('the runs', () => {
  it('go on in older pages, each list for itself', async () => {
    const { page } = await visit(member, address('runs'));
    const firstOf = (list: string) =>
      page.getByRole('region', { name: list }).locator('tbody a').first().getAttribute('href');
    const newest = [await firstOf('Searches'), await firstOf('Measuring campaigns')];
    await page.getByRole('link', { name: 'Older searches' }).click();
    await page.waitForURL(/searches=/);
    const older = [await firstOf('Searches'), await firstOf('Measuring campaigns')];
    await page.close();
    expect(older[0]).not.toBe(newest[0]);
    expect(older[1]).toBe(newest[1]);
  });
});

describe('the form of a search', () => {
  it('starts one with a sampler, its settings and a limit, and keeps what was written when it is refused', async () => {
    const { page } = await visit(member, address('newSearch'));
    await page.getByRole('radio', { name: 'NSGA-II' }).check();
    await page.getByText('Settings of NSGA-II').click();
    await page.getByLabel('Population size').fill('20');
    await page.getByLabel('Latency at most').fill('1000');
    await page.getByLabel('Evaluations a run').fill('100');
    await page.getByRole('radio', { name: 'Exhaustive search' }).check();
    await page.getByRole('button', { name: 'Start the search' }).click();
    await page.getByRole('alert').getByText('BAD_INPUT').waitFor();
    expect(await page.getByLabel('Latency at most').inputValue()).toBe('1000');
    await page.getByRole('radio', { name: 'NSGA-II' }).check();
    await page.getByText('Settings of NSGA-II').click();
    await page.getByLabel('Population size').fill('20');
    await page.getByRole('button', { name: 'Start the search' }).click();
    await page.waitForURL(/\/runs\/c3/);
    const told = await page.getByRole('region', { name: 'What it was told' }).innerText();
    await page.close();
    expect(told).toContain('population size 20');
    expect(told).toContain('Latency ≤ 1,000 ms');
  });
});

describe('the leaderboard', () => {
  it('shows the same networks in the chart and in the table', async () => {
    const { page, close } = await openLeaderboard();
    const marks = await entriesOf(page, '.plot-mark[data-entry]');
    const rows = await entriesOf(page, 'tr[data-entry]');
    await close();
    expect(rows.length).toBeGreaterThan(1);
    expect(marks).toEqual(rows);
  });

  it('walks the frontier with the arrow keys and lets go with Escape', async () => {
    const { page, close } = await openLeaderboard();
    const rows = await entriesOf(page, 'tr[data-entry]');
    const pinned = page.locator('.plot-card[data-pinned="true"] .font-mono');
    const spoken = async (): Promise<string> => (await pinned.innerText()).replaceAll(' ', '-');
    await page.getByRole('application').focus();
    await page.keyboard.press('ArrowRight');
    const first = await spoken();
    await page.keyboard.press('ArrowRight');
    const second = await spoken();
    await page.keyboard.press('End');
    const last = await spoken();
    await page.keyboard.press('Escape');
    const left = await pinned.count();
    await close();
    expect([first, second, last, left]).toEqual([rows[0], rows[1], rows.at(-1), 0]);
  });

  it('keeps the view in the address, and leaves defaults out', async () => {
    const { page, close } = await openLeaderboard();
    await page.getByRole('button', { name: 'Log latency' }).click();
    await page.getByRole('button', { name: 'Frontier only' }).click();
    await page.waitForURL(/\?log=1&frontier=1$/);
    await page.reload({ waitUntil: 'networkidle' });
    const pressed = await page.getByRole('button', { name: 'Log latency' }).getAttribute('aria-pressed');
    await page.getByRole('button', { name: 'Log latency' }).click();
    await page.getByRole('button', { name: 'Frontier only' }).click();
    await page.waitForURL((url) => url.search === '');
    await close();
    expect(pressed).toBe('true');
  });

  it('cuts table and exports by the latency limit in the address', async () => {
    const { page, close } = await openLeaderboard();
    const cells = page.locator('tr[data-entry]');
    const all = await cells.count();
    const json = await page.request.get(`${address('leaderboard')}/export?format=json`);
    const { entries } = (await json.json()) as { entries: { predicted_ms: number }[] };
    const limit = entries[Math.floor(entries.length / 2)]?.predicted_ms ?? 0;
    await page.goto(`${address('leaderboard')}?max=${limit}`, { waitUntil: 'networkidle' });
    const cut = await cells.count();
    const csv = await page.request.get(`${address('leaderboard')}/export?format=csv&max=${limit}`);
    const lines = (await csv.text()).trim().split('\r\n');
    await close();
    expect(entries).toHaveLength(all);
    expect(cut).toBe(entries.filter((entry) => entry.predicted_ms <= limit).length);
    expect(lines).toHaveLength(cut + 1);
  });

  it('saves the chart as a picture and a network as JSON and ONNX', async () => {
    const { page, close } = await openLeaderboard();
    await page.getByText('Export', { exact: true }).click();
    const [picture] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'PNG' }).click(),
    ]);
    const row = page.locator('tr[data-entry]').first();
    const encoding = await row.getAttribute('data-entry');
    const hrefs = await row
      .locator('a[download]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    const [json, onnx] = await Promise.all(
      hrefs.slice(0, 2).map((href) => page.request.get(`${webUrl}${href}`)),
    );
    const text = await json?.text();
    const bytes = await onnx?.body();
    await close();
    expect(picture.suggestedFilename()).toMatch(/\.png$/);
    expect(JSON.parse(text ?? '')).toMatchObject({ encoding: encoding?.split('-').map(Number) });
    // The first field of an ONNX model is its IR version, a varint.
    expect([...(bytes ?? [])][0]).toBe(0x08);
  });
});

describe('a comparison', () => {
  it('keeps the view in the address, and leaves defaults out', async () => {
    const { page } = await visit(member, address('comparison'));
    const captions = page.locator('caption b');
    expect(await captions.allInnerTexts()).toEqual(['IGD⁺', 'GD']);
    await page.getByRole('link', { name: 'Hypervolume', exact: true }).click();
    await page.waitForURL(/\?by=hypervolume$/);
    await page.getByRole('link', { name: 'Median, quartiles' }).click();
    await page.waitForURL(/\?by=hypervolume&show=median$/);
    await page.reload({ waitUntil: 'networkidle' });
    expect(await captions.allInnerTexts()).toEqual(['Hypervolume', 'IGD⁺']);
    await page.getByRole('link', { name: 'IGD⁺', exact: true }).click();
    await page.waitForURL(/\?show=median$/);
    await page.getByRole('link', { name: 'Mean ± sd' }).click();
    await page.waitForURL((url) => url.search === '');
    await page.close();
  });

  it('is taken away in four formats', async () => {
    const { page } = await visit(member, address('comparison'));
    const texts: string[] = [];
    for (const format of ['md', 'tex', 'csv', 'json']) {
      const answer = await page.request.get(`${address('comparison')}/export?format=${format}`);
      expect([format, answer.headers()['content-disposition']]).toEqual([
        format,
        expect.stringMatching(`\\.${format}"$`),
      ]);
      texts.push(await answer.text());
    }
    const unknown = await page.request.get(`${address('comparison')}/export?format=exe`);
    await page.close();
    expect(texts[0]).toContain('| unpruned |');
    expect(texts[1]).toContain('\\begin{tabular}');
    expect(texts[2]?.split('\r\n')[0]).toContain('group,indicator,evaluations');
    expect(JSON.parse(texts[3] ?? '')).toMatchObject({ baseline: 'unpruned' });
    expect(unknown.status()).toBe(400);
  });

  it('is made of suggested groups, and of those of their runs that are wanted', async () => {
    const { page } = await visit(member, address('newComparison'));
    const groups = page.locator('fieldset');
    const suggested = await groups
      .locator('input[name^="label-"]')
      .evaluateAll((inputs) => inputs.map((input) => input.getAttribute('value') ?? ''));
    expect(suggested[0]).toMatch(/^unpruned/);
    for (let i = 2; i < suggested.length; i++)
      await groups.nth(i).getByRole('button', { name: 'Leave out' }).click();
    await groups.nth(1).getByRole('checkbox').first().uncheck();
    await page.getByLabel('Name').fill('Made by hand');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.waitForURL(/\/comparisons\/Y2/);
    await page.getByRole('heading', { name: 'Made by hand' }).waitFor();
    await page.getByText('19 search runs').click();
    const seeds = await page.getByRole('link', { name: /^seed \d+$/ }).count();
    await page.close();
    expect(seeds).toBe(19);
  });
});

describe('own', () => {
  spacesAndModels(() => ({
    webUrl,
    browser,
    member,
    async uploadModel(name, content) {
      const input = { idempotencyKey: randomUUID(), name, content };
      return (await system.client.send(TestCreateModelDocument, { input })).createModel.model.id;
    },
  }));
});

describe('signing in', () => {
  it('says so when the password is wrong, with a request id', async () => {
    const context = await newVisitor(browser);
    const page = await context.newPage();
    await signIn(page, webUrl, { email: system.demo.email, password: 'not the password' });
    const alert = page.locator('main [role="alert"]');
    await alert.getByText(/request/).waitFor();
    const cookies = await context.cookies();
    await context.close();
    expect(cookies.map((cookie) => cookie.name)).not.toContain('espalier_session');
  });

  it('keeps the session where scripts cannot read it, and ends it', async () => {
    const context = await newVisitor(browser);
    const page = await context.newPage();
    await signIn(page, webUrl, system.demo);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    const session = (await context.cookies()).find((cookie) => cookie.name === 'espalier_session');
    const readable = await page.evaluate<string>('document.cookie');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    const after = await context.cookies();
    await context.close();
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
    expect(readable).not.toContain('espalier_session');
    expect(after.map((cookie) => cookie.name)).not.toContain('espalier_session');
  });
});

describe('what belongs to a team', () => {
  it('is not found by a visitor, exactly like what is not there', async () => {
    const context = await newVisitor(browser);
    const statuses: number[] = [];
    for (const url of [
      address('campaign'),
      `${webUrl}/runs/bm90LXRoZXJl`,
      `${webUrl}/leaderboards/bm90LXRoZXJl`,
      `${webUrl}/comparisons/bm90LXRoZXJl`,
      `${webUrl}/spaces/demo/not-there`,
    ])
      statuses.push((await context.request.get(url)).status());
    await context.close();
    expect(statuses).toEqual([404, 404, 404, 404, 404]);
  });

  it('is not found by another team, though the same person may see it in hers', async () => {
    const slug = `other-${Date.now()}`;
    const cookies = await member.cookies();
    const session = cookies.find((cookie) => cookie.name === 'espalier_session')?.value ?? '';
    const made = await fetch(`${system.apiUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${session}` },
      body: JSON.stringify({
        query: 'mutation($input: CreateTeamInput!) { createTeam(input: $input) { team { slug } } }',
        variables: { input: { name: 'Other team', slug, idempotencyKey: randomUUID() } },
      }),
    });
    expect(await made.json()).toMatchObject({ data: { createTeam: { team: { slug } } } });
    const context = await newVisitor(browser);
    await context.addCookies(cookies.filter((cookie) => cookie.name !== 'espalier_team'));
    const statusAs = async (team: string): Promise<number> => {
      await context.addCookies([{ name: 'espalier_team', value: team, url: webUrl }]);
      return (await context.request.get(address('campaign'))).status();
    };
    const statuses = [await statusAs('demo'), await statusAs(slug)];
    await context.close();
    expect(statuses).toEqual([200, 404]);
  });

  it('asks a visitor to sign in on the lists', async () => {
    const context = await newVisitor(browser);
    const { page } = await visit(context, address('runs'));
    const link = await page.locator('main').getByRole('link', { name: 'Sign in' }).getAttribute('href');
    await context.close();
    expect(link).toBe('/sign-in?next=%2Fruns');
  });
});

describe('the answers', () => {
  it('carry a policy with a nonce and forbid framing and sniffing', async () => {
    const { headers } = await fetch(webUrl);
    expect(headers.get('content-security-policy')).toMatch(
      /script-src 'self' 'nonce-[^']+' 'strict-dynamic'.*frame-ancestors 'none'/,
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});
