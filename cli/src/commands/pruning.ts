import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Client } from '@espalier/client';
import { sourceId, versionId } from '../addresses.js';
import { oneOf, wholeNumberBetween } from '../arguments.js';
import { connect } from '../connection.js';
import {
  CreatePrunedSpaceDocument,
  PreviewPruningDocument,
  PruningAdviceDocument,
  type PreviewPruningQuery,
  type PruningInput,
  type PruningPart,
  type PruningRule,
  type PruningScope,
} from '../graphql/generated/documents.js';
import { showFields, showList } from '../output.js';
import {
  keptChoices,
  pruningPart,
  readCells,
  readDepthFactor,
  readLambda,
  readRatio,
  readSeed,
  RULES,
  SCOPES,
} from '../pruning-arguments.js';

interface PruneOptions {
  readonly rule: PruningRule;
  readonly ratio?: number;
  readonly scope?: PruningScope;
  readonly lambda?: number;
  readonly cells?: number;
  readonly depthFactor?: number;
  readonly kept?: number[][];
  readonly part?: PruningPart[];
  readonly profile?: string;
  readonly source?: string;
  readonly seed: number;
  readonly evaluations: number;
  readonly label?: string;
  readonly reasons?: boolean;
  readonly json?: boolean;
}

interface AdviseOptions {
  readonly profile?: string;
  readonly source?: string;
  readonly seed: number;
  readonly evaluations: number;
  readonly json?: boolean;
}

export function pruningCommands(program: Command): void {
  const prune = program.command('prune').description('Remove choices from a space.');

  withRule(prune.command('preview'))
    .description('Show what pruning would do; nothing is stored.')
    .option('--reasons', 'every choice with its score and why it stays or goes')
    .action(async (address: string, options: PruneOptions) => {
      const client = connect();
      const input = await pruningInput(client, address, options);
      const { previewPruning: preview } = await client.send(PreviewPruningDocument, { input });
      if (options.reasons && !options.json) showReasons(preview);
      else showFields(preview, fieldsOf(preview), options.json);
    });

  withRule(prune.command('create'))
    .description('Derive a pruned version; the version that it comes from stays as it is.')
    .option('--label <label>', 'how it is called; the rule and the ratio otherwise')
    .action(async (address: string, options: PruneOptions) => {
      const client = connect();
      const { version } = (
        await client.send(CreatePrunedSpaceDocument, {
          input: {
            idempotencyKey: randomUUID(),
            label: options.label ?? null,
            pruning: await pruningInput(client, address, options),
          },
        })
      ).createPrunedSpace;
      showFields(
        version,
        { version: version.id, label: version.label, architectures: version.size },
        options.json,
      );
    });

  withNetworks(prune.command('advise'))
    .description('Say which rule to trust before a long search, from a small pilot of evaluated networks.')
    .action(async (address: string, { profile, source, seed, evaluations, json }: AdviseOptions) => {
      const client = connect();
      const spaceVersionId = await versionId(client, address);
      const { pruningAdvice: advice } = await client.send(PruningAdviceDocument, {
        spaceVersionId,
        deviceProfileId: profile ?? null,
        accuracySourceId: await sourceId(client, spaceVersionId, source),
        evaluationCount: evaluations,
        seed,
      });
      const header = ['rule', 'ρ with accuracy', 'ρ with non-domination', 'verdict'];
      const rows = advice.rules.map((each) => [
        each.rule,
        agreement(each.accuracy),
        agreement(each.nonDomination),
        each.verdict,
      ]);
      showList(advice, { header, rows }, json);
      if (!json)
        console.log(`\n${advice.recommendation}\nThis took ${advice.evaluationCount} evaluated networks.`);
    });
}

function withRule(command: Command): Command {
  return withNetworks(command)
    .requiredOption('--rule <rule>', RULES.join(', '), oneOf(RULES))
    .option('--ratio <ratio>', 'share of the choices to remove; chosen with a reason when absent', readRatio)
    .option('--scope <scope>', `for EFFICIENCY: ${SCOPES.join(', ')}`, oneOf(SCOPES))
    .option('--lambda <λ>', 'for BASE_NETWORK_COST: how much latency counts', readLambda)
    .option('--cells <n>', 'for BASE_NETWORK_COST: choices to keep, instead of a ratio', readCells)
    .option(
      '--depth-factor <x>',
      'for EFFECT_OUTLIERS: times the median that depth may cost',
      readDepthFactor,
    )
    .option('--kept <json>', 'for MANUAL: kept choices by layer, [[0,3],[1]]', keptChoices)
    .option('--part <rule,ratio=…>', 'for INTERSECTION and UNION: a rule with its numbers', pruningPart);
}

function withNetworks(command: Command): Command {
  return command
    .argument('<version>', 'id of the unpruned space version, or team/space')
    .option('--profile <id>', "device profile; the space's default otherwise")
    .option('--source <id>', 'accuracy source; the first that knows the space where one is needed')
    .option('--seed <n>', 'seed of what is drawn', readSeed, 0)
    .option('--evaluations <n>', 'random networks to evaluate', wholeNumberBetween(20, 5_000), 135)
    .option('--json');
}

async function pruningInput(client: Client, address: string, options: PruneOptions): Promise<PruningInput> {
  const { rule, ratio, scope, lambda, cells, depthFactor, kept, part, seed } = options;
  const spaceVersionId = await versionId(client, address);
  const accuracySourceId =
    options.source ?? (needsAccuracy(options) ? await sourceId(client, spaceVersionId, undefined) : null);
  return {
    spaceVersionId,
    rule,
    seed,
    deviceProfileId: options.profile ?? null,
    accuracySourceId,
    evaluationCount: options.evaluations,
    ...(ratio !== undefined && { ratio }),
    ...(scope && { scope }),
    ...(lambda !== undefined && { lambda }),
    ...(cells !== undefined && { cells }),
    ...(depthFactor !== undefined && { depthFactor }),
    ...(kept && { kept }),
    ...(part && { of: part }),
  };
}

/** Whether a rule looks at accuracies, be it only to choose its ratio. */
function needsAccuracy({ rule, ratio, part = [] }: Partial<PruneOptions>): boolean {
  switch (rule) {
    case 'EFFICIENCY':
      return ratio === undefined;
    case 'RANDOM':
    case 'MANUAL':
      return false;
    case 'INTERSECTION':
    case 'UNION':
      return part.some((each) =>
        needsAccuracy({ rule: each.rule, ...(each.ratio != null && { ratio: each.ratio }) }),
      );
    default:
      return true;
  }
}

type Preview = PreviewPruningQuery['previewPruning'];

function fieldsOf(preview: Preview): Record<string, string | number> {
  const { lost } = preview;
  const layers = preview.layers.map(({ layer, kept, removed }) => [
    `layer ${layer}`,
    `keeps ${kept.join(' ')}; loses ${removed.join(' ')}`,
  ]);
  return {
    rule: preview.explanation,
    ...(preview.ratioReason && { ratio: preview.ratioReason }),
    architectures: `${preview.sizeBefore} → ${preview.sizeAfter}`,
    evaluations: preview.evaluationCount,
    'frontier lost':
      lost.points === null
        ? lost.reference
        : `${lost.points} of ${lost.of} networks; of what remains IGD+ ${decimals(lost.igdPlus)}, hypervolume ratio ${decimals(lost.hypervolumeRatio)}. ${lost.reference}`,
    ...Object.fromEntries(layers),
  };
}

const decimals = (value: number | null | undefined): string => (value == null ? '–' : value.toFixed(4));

function showReasons({ layers }: Preview): void {
  const rows = layers.flatMap(({ layer, reasons, scores }) =>
    reasons.map((reason, choice) => [
      layer,
      choice,
      scores ? Number((scores[choice] ?? 0).toPrecision(4)) : '',
      reason,
    ]),
  );
  showList(rows, { header: ['layer', 'choice', 'score', 'reason'], rows }, false);
}

const agreement = (rho: { value: number; low: number; high: number } | null | undefined): string =>
  rho ? `${rho.value.toFixed(2)} (${rho.low.toFixed(2)} to ${rho.high.toFixed(2)})` : '–';
