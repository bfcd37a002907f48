import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { belongings, importedProfile, searchResult, searchUntil, startSearch } from './campaigns.js';
import { TestAskedTrialsDocument, TestExternalSourceDocument } from './graphql/generated/documents.js';
import { openBrowser } from './browser/chromium.js';
import { axeViolations, newVisitor, signIn } from './browser/visit.js';
import { startSystem, type TestSystem } from './system.js';

const MINUTES = 60_000;
const BUDGET = 150;
const EXAMPLE = fileURLToPath(new URL('../docs/examples/external_trainer.py', import.meta.url));

let system: TestSystem;
let startRun: (budget: number) => Promise<string>;
const trainers: ChildProcess[] = [];

interface Trainer {
  readonly process: ChildProcess;
  readonly said: () => string;
  /** The exit code, or null when it was killed. */
  readonly ended: Promise<number | null>;
}

/** The example, as a person would start it. */
function trainer(run: string, ...more: string[]): Trainer {
  const child = spawn(
    'python3',
    [EXAMPLE, '--server', system.apiUrl, '--run', run, '--lease', '10', '--seconds', '0.03', ...more],
    { env: { ...process.env, ESPALIER_TOKEN: system.demo.token }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  trainers.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', () =>
      reject(new Error('This test runs docs/examples/external_trainer.py and needs python3 on the PATH.')),
    );
    child.once('close', resolve);
  });
  ended.catch(() => undefined);
  return { process: child, said: () => said, ended };
}

beforeAll(async () => {
  system = await startSystem({ web: true, agent: false });
  const own = await belongings(system, 'fashion-mobile');
  const deviceProfileId = await importedProfile(system, own);
  const source = await system.client.send(TestExternalSourceDocument, {
    input: {
      idempotencyKey: randomUUID(),
      name: 'example trainers',
      taskId: own.taskId,
      spaceVersionId: own.spaceVersionId,
    },
  });
  startRun = (budget) =>
    startSearch(system, {
      spaceVersionId: own.spaceVersionId,
      accuracySourceId: source.createExternalSource.accuracySource.id,
      deviceProfileId,
      budget,
      seeds: [1],
    });
}, 6 * MINUTES);

afterAll(async () => {
  for (const child of trainers) child.kill('SIGKILL');
  await system?.stop();
});

describe('the example trainer in Python', () => {
  it(
    'brings a search to its end with others of its kind, though one of them and the API are killed',
    async () => {
      const run = await startRun(BUDGET);
      const first = trainer(run);
      const second = trainer(run, '--count', '3');
      const doomed = trainer(run, '--count', '10', '--seconds', '1');
      await searchUntil(system, run, ({ evaluations }) => evaluations > 20);
      await system.kill('api');
      await searchUntil(system, run, ({ evaluations }) => evaluations > 60);
      doomed.process.kill('SIGKILL');
      await searchUntil(system, run, ({ status }) => status === 'SUCCEEDED');
      expect(
        [await first.ended, await second.ended, await doomed.ended],
        first.said() + second.said(),
      ).toEqual([0, 0, null]);
      expect(first.said()).toContain('SUCCEEDED: this trainer told');

      const { trialColumns } = await searchResult(system, run);
      expect(trialColumns.count).toBe(BUDGET);
      const { node } = await system.client.send(TestAskedTrialsDocument, { id: run });
      const counts = node && 'askedTrialCounts' in node ? node.askedTrialCounts : null;
      // Three positions, a byte each.
      const architectures = Buffer.from(trialColumns.architectures, 'base64');
      const distinct = new Set(
        Array.from({ length: BUDGET }, (_, i) => architectures.toString('hex', 3 * i, 3 * i + 3)),
      );
      expect(counts).toMatchObject({ waiting: 0, leased: 0, failed: 0, told: distinct.size });
    },
    4 * MINUTES,
  );

  it(
    'is shown at work on the page of its run, with the command to start more of them',
    async () => {
      const run = await startRun(5);
      trainer(run, '--count', '3', '--seconds', '60');
      await searchUntil(system, run, ({ status }) => status === 'RUNNING');
      const browser = await openBrowser();
      try {
        for (const theme of ['light', 'dark'] as const)
          for (const width of [1280, 360]) {
            const context = await newVisitor(browser, { theme, width });
            const page = await context.newPage();
            const printed: string[] = [];
            page.on('console', (message) => printed.push(message.text()));
            await signIn(page, system.webUrl ?? '', system.demo);
            await page.getByRole('button', { name: 'Sign out' }).waitFor();
            // Its progress is a stream: a page that waits for work is never idle.
            await page.goto(`${system.webUrl}/runs/${run}`, { waitUntil: 'load' });
            const section = page.getByRole('region', { name: 'Trainers' });
            await section.waitFor();
            expect(await section.getByText('leased for another').count()).toBe(3);
            expect(await section.locator('code.command').textContent()).toContain(`--run ${run}`);
            const overflow = await page.evaluate<number>(
              'document.documentElement.scrollWidth - document.documentElement.clientWidth',
            );
            expect([...printed, ...(await axeViolations(page)), overflow]).toEqual([0]);
            await context.close();
          }
      } finally {
        await browser.close();
      }
    },
    2 * MINUTES,
  );
});
