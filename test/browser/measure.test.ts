import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { belongings, campaignUntil, measurementsOf } from '../campaigns.js';
import {
  TestBlockProfileDocument,
  TestCreateSpaceDocument,
  TestDevicesDocument,
  TestPairingCodeDocument,
  TestStartProfileDocument,
} from '../graphql/generated/documents.js';
import { startSystem, type TestSystem } from '../system.js';
import { openBrowser } from './chromium.js';
import { axeViolations, newVisitor, visit } from './visit.js';

const MINUTES = 60_000;

/** The second block does seventy-five times the work of the first. */
const SPACE = `
format: espalier.space/1
name: in-a-browser
input: { channels: 3, resolution: 16 }
classes: 4
operators:
  light: { op: conv, kernel: 1 }
  heavy: { op: conv-chain, kernels: [5, 5, 5] }
choices: { all: [light, heavy] }
stem:
  - { op: conv, kernel: 3, stride: 2, channels: 16 }
stages:
  - { name: body, channels: 16, layers: 6 }
`;

let system: TestSystem;
let webUrl: string;
let browser: Browser;
/** A person's browser: what it keeps lasts for all of these tests. Nothing of the pages' policy is lifted for it. */
let phone: BrowserContext;
let page: Page;
let printed: string[];
let poolId: string;
let spaceVersionId: string;

beforeAll(async () => {
  browser = await openBrowser();
  system = await startSystem({ web: true });
  if (!system.webUrl) throw new Error('The system was started without its web.');
  webUrl = system.webUrl;
  const { client } = system;
  ({ poolId } = await belongings(system, 'fashion-mobile'));
  const { createSearchSpace } = await client.send(TestCreateSpaceDocument, {
    input: { idempotencyKey: randomUUID(), name: 'in-a-browser', text: SPACE },
  });
  spaceVersionId = createSearchSpace.space.currentVersion.id;
  const { createPairingCode } = await client.send(TestPairingCodeDocument, { input: { poolId } });
  phone = await browser.newContext({ viewport: { width: 390, height: 844 } });
  ({ page, printed } = await visit(phone, `${webUrl}/measure?code=${createPairingCode.code}`));
}, 3 * MINUTES);

afterAll(async () => {
  await browser?.close();
  await system?.stop();
}, MINUTES);

/** Starts a campaign that the page will measure. */
async function campaign(heldOutNetworks: number): Promise<string> {
  const { startProfile } = await system.client.send(TestStartProfileDocument, {
    input: {
      spaceVersionId,
      poolId,
      options: { fitNetworks: 2, heldOutNetworks },
      idempotencyKey: randomUUID(),
    },
  });
  return startProfile.profileRun.id;
}

const succeeded = (id: string): ReturnType<typeof campaignUntil> =>
  campaignUntil(system, id, ({ status }) => status === 'SUCCEEDED', MINUTES);

const titled = (on: Page, title: RegExp | string): Promise<void> =>
  on.getByRole('heading', { name: title, level: 2 }).waitFor();

/** The line of the reference network's readings: it moves as long as the page measures. */
const readings = (on: Page): Promise<string | null> => on.locator('figure svg path').getAttribute('d');

async function standsStill(on: Page): Promise<void> {
  // The sample under way may end first.
  await sleep(300);
  const before = await readings(on);
  await sleep(700);
  expect(await readings(on)).toBe(before);
}

async function moves(on: Page): Promise<void> {
  const before = await readings(on);
  await expect.poll(() => readings(on), { timeout: 10_000 }).not.toBe(before);
}

describe('a measuring page', () => {
  it(
    'pairs, measures blocks with WebAssembly, and its results make a profile',
    async () => {
      await page.getByLabel('Name of this device').fill('phone');
      await page.getByRole('button', { name: 'Pair and measure' }).click();
      await titled(page, 'Waiting for work');
      const run = await campaign(2);
      await titled(page, /^Measuring \d+ of 8$/);
      await page.getByText(/^Now: (layer \d, choice \d|a whole network)/).waitFor();
      const { failedCount, deviceProfile } = await succeeded(run);
      expect(failedCount).toBe(0);
      const measurements = await measurementsOf(system, run);
      expect(measurements.every(({ floorMs }) => (floorMs ?? 0) > 0)).toBe(true);
      const { node } = await system.client.send(TestBlockProfileDocument, { id: deviceProfile?.id ?? '' });
      const latencyMs = node && 'latencyMs' in node ? node.latencyMs : [];
      expect(latencyMs).toHaveLength(6);
      for (const [light = NaN, heavy = NaN] of latencyMs) expect(heavy).toBeGreaterThan(2 * light);
      await titled(page, 'Waiting for work');
      // One that the machine's other work made unsteady is measured once more.
      const measured = await page.locator('[data-measured]').innerText();
      expect(Number(/^(\d+) subjects$/.exec(measured)?.[1])).toBeGreaterThanOrEqual(8);
      expect(printed).toEqual([]);
    },
    2 * MINUTES,
  );

  it('is a device whose target and environment say what it measured with', async () => {
    const { devices } = await system.client.send(TestDevicesDocument, {});
    expect(devices.nodes).toHaveLength(1);
    const [device] = devices.nodes;
    expect(device).toMatchObject({
      name: 'phone',
      targets: [{ provider: 'wasm', threads: 1, batch: 1 }],
      environment: { crossOriginIsolated: true, simd: true },
    });
    expect(device?.targets[0]?.runtime).toMatch(/^onnxruntime-web \d+\.\d+\.\d+$/);
    expect(device?.targets[0]?.processor).toMatch(/Chromium \d+/);
    expect(device?.environment).toHaveProperty('timerResolutionMs');
  });

  it(
    'stands still while paused, and goes on when resumed',
    async () => {
      // More than the page leases at a time, so that the next tests have something left.
      await campaign(60);
      await titled(page, /^Measuring/);
      await moves(page);
      await page.getByRole('button', { name: 'Pause' }).click();
      await titled(page, 'Paused');
      await standsStill(page);
      await page.getByRole('button', { name: 'Resume' }).click();
      await moves(page);
      await titled(page, /^Measuring/);
    },
    MINUTES,
  );

  it(
    'waits while another page of the browser measures, and measures when that is closed',
    async () => {
      const { page: second } = await visit(phone, `${webUrl}/measure`);
      await titled(second, 'Waiting');
      await second.getByText('Another page of this browser measures').waitFor();
      await moves(page);
      expect(await second.locator('figure').count()).toBe(0);
      await page.close();
      page = second;
      await titled(page, /^Measuring/);
      await page.locator('figure svg').waitFor();
    },
    MINUTES,
  );

  it(
    'pauses while it is hidden',
    async () => {
      // A headless Chromium has no window to cover: the page is told what a covered window would tell it.
      const becomes = (state: string): Promise<unknown> =>
        page.evaluate(`
          Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        `);
      await moves(page);
      await becomes('hidden');
      await standsStill(page);
      await becomes('visible');
      await moves(page);
      // What comes next is no faster for being measured beside.
      await page.getByRole('button', { name: 'Pause' }).click();
    },
    MINUTES,
  );

  for (const [theme, width] of [
    ['light', 360],
    ['dark', 1280],
  ] as const)
    it(`has no accessibility violation and fits: ${theme}, ${width} px`, async () => {
      const context = await newVisitor(browser, { theme, width });
      const { page: form, printed: said } = await visit(context, `${webUrl}/measure`);
      const formFaults = await axeViolations(form);
      // The same device in another browser: this one shows what a paired page shows.
      const kept = await page.evaluate<string>("localStorage.getItem('espalier-agent')");
      await form.evaluate(`localStorage.setItem('espalier-agent', ${JSON.stringify(kept)})`);
      const { page: panel } = await visit(context, `${webUrl}/measure`);
      await titled(panel, /^(Measuring|Waiting)/);
      await panel.getByRole('button', { name: 'Pause' }).click();
      const panelFaults = await axeViolations(panel);
      const overflow = await panel.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      await context.close();
      expect([...said, ...formFaults, ...panelFaults]).toEqual([]);
      expect(overflow).toBeLessThanOrEqual(0);
    });

  it('forgets who it was when disconnected, and says what was wrong with a code', async () => {
    await page.getByRole('button', { name: 'Disconnect' }).click();
    const code = page.getByLabel('Pairing code');
    await code.waitFor();
    expect(await page.evaluate('localStorage.length')).toBe(0);
    await code.fill('NOT-ONE1');
    await page.getByRole('button', { name: 'Pair and measure' }).click();
    await page.getByRole('alert').getByText('The pairing code is unknown, used or expired').waitFor();
  });
});

describe('what pages pass on for agents', () => {
  const post = (operation: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${webUrl}/api/agent/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  const codeOf = async (response: Response): Promise<string | undefined> => {
    const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
    return errors?.[0]?.extensions.code;
  };

  it('is an agent’s own operations, with the token of an agent', async () => {
    expect(await codeOf(await post('Viewer', '{}'))).toBe('NOT_FOUND');
    expect(await codeOf(await post('constructor', '{}'))).toBe('NOT_FOUND');
    expect(await codeOf(await post('Heartbeat', '{"input":{}}'))).toBe('UNAUTHENTICATED');
    const cookie = `espalier_session=${system.demo.token}`;
    expect(await codeOf(await post('Heartbeat', '{"input":{}}', { cookie }))).toBe('UNAUTHENTICATED');
    const stranger = await post('Heartbeat', '{"input":{}}', { authorization: 'Bearer esp_stranger' });
    expect(await codeOf(stranger)).toBe('UNAUTHENTICATED');
  });

  it('is refused with a code when it is no JSON object or too much', async () => {
    for (const body of ['', '[]', 'null', '{"input":', '"text"'])
      expect(await codeOf(await post('Heartbeat', body))).toBe('BAD_REQUEST');
    const huge = await post('Heartbeat', `{"input":"${'x'.repeat(8_000_001)}"}`);
    expect([huge.status, await codeOf(huge)]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const form = await post('Heartbeat', '{}', { 'content-type': 'text/plain' });
    expect(form.status).toBe(415);
  });
});
