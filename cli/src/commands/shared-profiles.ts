import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ServerRefusal, type Client } from '@espalier/client';
import type { Command } from 'commander';
import { spaceId, versionId } from '../addresses.js';
import { changedEntry, wholeNumberBetween, type ChangedEntry } from '../arguments.js';
import { connect, download } from '../connection.js';
import { CommandFailure } from '../failures.js';
import {
  ComparedProfilesDocument,
  DeviceProfileCardDocument,
  DeviceProfileListDocument,
  ForkProfileDocument,
  ImportProfileDocument,
  PinProfileDocument,
  ShareProfileDocument,
  UnpinProfileDocument,
} from '../graphql/generated/documents.js';
import { showFields, showList } from '../output.js';

const percent = (ratio: number | null): string => (ratio === null ? '' : `${(ratio * 100).toFixed(1)} %`);

/** Profiles as things of their own: seen, shared, pinned, copied, compared, imported. */
export function sharedProfileCommands(profile: Command): void {
  profile
    .command('list')
    .description('Profiles that you may see, newest first.')
    .option('--space <team/space>')
    .option('--team <name>', 'short name of the team that owns them')
    .option('--json')
    .action(async ({ space, team, json }: { space?: string; team?: string; json?: boolean }) => {
      const client = connect();
      const { nodes } = (
        await client.send(DeviceProfileListDocument, {
          first: 100,
          spaceId: space === undefined ? null : await spaceId(client, space),
          team: team ?? null,
        })
      ).deviceProfiles;
      const rows = nodes.map((each) => [
        `${each.space.team.slug}/${each.space.name}`,
        each.target.name,
        each.method,
        `${each.version}${each.pinned ? ' (pinned)' : ''}`,
        percent(each.quality.additivityMape),
        each.visibility === 'PUBLIC' ? 'everybody' : each.team.slug,
        each.id,
      ]);
      const header = ['space', 'target', 'method', 'version', 'error', 'seen by', 'profile'];
      showList(nodes, { header, rows }, json);
    });

  profile
    .command('show')
    .description('One profile; with --json all of it, its table too.')
    .argument('<profile>')
    .option('--json')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const card = await cardOf(connect(), id);
      const { quality } = card;
      showFields(
        card,
        {
          space: `${card.space.team.slug}/${card.space.name}`,
          target: card.target.name,
          method: card.method,
          version: `${card.version}${card.supersededBy ? `, superseded by ${card.supersededBy.id}` : ''}`,
          'seen by':
            card.visibility === 'PUBLIC'
              ? 'everybody'
              : [card.team.slug, ...card.sharedWith.map(({ slug }) => slug)].join(', '),
          pinned: card.pinned ? 'yes' : 'no',
          'error on networks': percent(quality.additivityMape) || 'unknown',
          'before correction': percent(quality.uncorrected?.mape ?? null) || 'unknown',
          'within 5 %': percent(quality.within5) || 'unknown',
          'within 10 %': percent(quality.within10) || 'unknown',
          'Kendall τ': quality.kendallTau?.toFixed(3) ?? 'unknown',
          repeatability: quality.repeatabilitySpearman?.toFixed(4) ?? 'unknown',
          unstable: quality.unstableCount,
          ...(card.note ? { note: card.note } : {}),
          ...(card.parent ? { 'copied from': card.parent.id } : {}),
        },
        json,
      );
    });

  profile
    .command('share')
    .description('Show a profile to everybody, to named teams, or to your team alone.')
    .argument('<profile>')
    .argument('[team...]', 'short names of teams; those not named lose it')
    .option('--public', 'to everybody')
    .action(async (deviceProfileId: string, teams: string[], { public: open }: { public?: boolean }) => {
      const { deviceProfile } = (
        await connect().send(ShareProfileDocument, {
          input: { deviceProfileId, visibility: open ? 'PUBLIC' : 'PRIVATE', teams },
        })
      ).shareProfile;
      const shown = deviceProfile.sharedWith.map(({ slug }) => slug).join(', ');
      console.log(
        deviceProfile.visibility === 'PUBLIC'
          ? 'Everybody sees it.'
          : shown
            ? `Shown to ${shown}.`
            : 'Your team alone sees it.',
      );
    });

  profile
    .command('pin')
    .description('Use a profile for its space and target when none is named.')
    .argument('<profile>')
    .action(async (deviceProfileId: string) => {
      await connect().send(PinProfileDocument, { input: { deviceProfileId } });
    });

  profile
    .command('unpin')
    .argument('<profile>')
    .action(async (deviceProfileId: string) => {
      await connect().send(UnpinProfileDocument, { input: { deviceProfileId } });
    });

  profile
    .command('fork')
    .description('Copy a profile into your team and print the id of the copy.')
    .argument('<profile>')
    .option('--note <text>', 'why', '')
    .option('--change <entry>', 'LAYER.CHOICE=MS, an entry to replace; repeat it', changedEntry)
    .action(
      async (deviceProfileId: string, { note, change = [] }: { note: string; change?: ChangedEntry[] }) => {
        const { forkProfile } = await connect().send(ForkProfileDocument, {
          input: { idempotencyKey: randomUUID(), deviceProfileId, note, changes: change },
        });
        console.log(forkProfile.deviceProfile.id);
      },
    );

  profile
    .command('compare')
    .description('Two profiles of one space, block by block.')
    .argument('<a>')
    .argument('<b>')
    .option('--movers <n>', 'blocks to list', wholeNumberBetween(1, 100), 12)
    .option('--json')
    .action(async (a: string, b: string, { movers: first, json }: { movers: number; json?: boolean }) => {
      const { compareProfiles: found } = await connect().send(ComparedProfilesDocument, { a, b, first });
      const layers = found.a.spaceVersion.stages.flatMap((stage) => stage.layers);
      if (json) return showFields(found, {}, true);
      showFields(
        found,
        {
          blocks: found.count,
          Spearman: found.spearman?.toFixed(4) ?? 'unknown',
          'Kendall τ': found.kendallTau?.toFixed(4) ?? 'unknown',
          'median b ÷ a': found.medianRatio?.toFixed(3) ?? 'unknown',
        },
        false,
      );
      const rows = found.movers.map(({ layer, choice, aMs, bMs, relative }) => [
        layers[layer]?.name ?? String(layer),
        layers[layer]?.choices[choice]?.name ?? String(choice),
        aMs.toPrecision(4),
        bMs.toPrecision(4),
        relative.toFixed(3),
      ]);
      const header = ['layer', 'block', 'a, ms', 'b, ms', 'against the median'];
      showList(found.movers, { header, rows }, false);
    });

  profile
    .command('samples')
    .description('Every sample of a profile, gzipped lines of JSON.')
    .argument('<profile>')
    .option('--out <file>', 'standard output otherwise')
    .action(async (id: string, { out }: { out?: string }) => {
      const { samplesPath } = await cardOf(connect(), id);
      if (samplesPath === null) throw new CommandFailure('FAILED', 'No samples of this profile were kept.');
      const bytes = Readable.from(await download(samplesPath));
      await pipeline(bytes, out === undefined ? process.stdout : createWriteStream(out));
    });

  importCommand(profile);
}

interface ImportOptions {
  readonly space: string;
  readonly file: string;
  readonly source?: string;
  readonly note: string;
  readonly processor: string;
  readonly runtime: string;
  readonly provider: string;
  readonly precision: string;
  readonly threads: number;
  readonly batch: number;
}

function importCommand(profile: Command): void {
  profile
    .command('import')
    .description('Take in a table that was measured elsewhere and print the id of its profile.')
    .requiredOption('--space <version>', 'id of the space version, or team/space')
    .requiredOption('--file <path>', 'CSV (position,choice,latency_ms) or JSON; - for standard input')
    .requiredOption('--processor <name>', 'what it was measured on')
    .requiredOption('--runtime <name>', 'with what, such as `tflite 2.4`')
    .option('--provider <name>', 'execution provider', 'cpu')
    .option('--precision <name>', 'of the weights', 'fp32')
    .option('--threads <n>', 'of the runtime', wholeNumberBetween(1, 1024), 1)
    .option('--batch <n>', 'inputs a run', wholeNumberBetween(1, 4096), 1)
    .option('--source <text>', 'where it comes from; the name of the file otherwise')
    .option('--note <text>', 'what else is to be known of it', '')
    .action(async ({ space, file, source, note, ...target }: ImportOptions) => {
      const client = connect();
      const content = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8').catch(
        (error: NodeJS.ErrnoException) => {
          throw new CommandFailure('USAGE', `${file} cannot be read: ${error.code ?? error.message}.`);
        },
      );
      const input = {
        idempotencyKey: randomUUID(),
        spaceVersionId: await versionId(client, space),
        target,
        format: /^\s*[[{]/.test(content) ? ('JSON' as const) : ('CSV' as const),
        content,
        source: source ?? file,
        note,
      };
      try {
        const { importProfile } = await client.send(ImportProfileDocument, { input });
        console.log(importProfile.deviceProfile.id);
      } catch (error) {
        tellProblems(error);
        throw error;
      }
    });
}

/** What is wrong with a table, a line each, on standard error. */
function tellProblems(error: unknown): void {
  const problems = error instanceof ServerRefusal ? error.details['problems'] : null;
  if (!Array.isArray(problems)) return;
  for (const { row, column, message } of problems as readonly {
    readonly row: number | null;
    readonly column: string | null;
    readonly message: string;
  }[])
    console.error(
      [row === null ? '' : `row ${row}, `, column === null ? '' : `${column}: `, message].join(''),
    );
}

async function cardOf(client: Client, id: string) {
  const { node } = await client.send(DeviceProfileCardDocument, { id });
  if (node?.__typename !== 'DeviceProfile')
    throw new CommandFailure('FAILED', `Profile ${id} not found (NOT_FOUND).`);
  return node;
}
