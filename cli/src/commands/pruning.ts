import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Client } from '@espalier/client';
import { sourceId, versionId } from '../addresses.js';
import { numberBetween, oneOf, wholeNumberBetween } from '../arguments.js';
import { connect } from '../connection.js';
import {
  CreatePrunedSpaceDocument,
  PreviewPruningDocument,
  type PruningInput,
  type PruningRule,
} from '../graphql/generated/documents.js';
import { showFields } from '../output.js';

const RULES = ['BLOCK_EFFECT', 'EFFICIENCY', 'RANDOM'] as const satisfies readonly PruningRule[];

interface PruneOptions {
  readonly rule: (typeof RULES)[number];
  readonly ratio: number;
  readonly profile?: string;
  readonly source?: string;
  readonly seed: number;
  readonly evaluations: number;
  readonly label?: string;
  readonly json?: boolean;
}

export function pruningCommands(program: Command): void {
  const prune = program.command('prune').description('Remove choices from a space.');

  withRule(prune.command('preview'))
    .description('Show what pruning would do; nothing is stored.')
    .action(async (address: string, options: PruneOptions) => {
      const client = connect();
      const input = await pruningInput(client, address, options);
      const { previewPruning: preview } = await client.send(PreviewPruningDocument, { input });
      const layers = preview.layers.map(({ layer, kept, removed }) => [
        `layer ${layer}`,
        `keeps ${kept.join(' ')}; loses ${removed.join(' ')}`,
      ]);
      showFields(
        preview,
        {
          rule: preview.explanation,
          architectures: `${preview.sizeBefore} → ${preview.sizeAfter}`,
          ...Object.fromEntries(layers),
        },
        options.json,
      );
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
}

function withRule(command: Command): Command {
  return command
    .argument('<version>', 'id of the unpruned space version, or team/space')
    .requiredOption('--rule <rule>', RULES.join(', '), oneOf(RULES))
    .requiredOption('--ratio <ratio>', 'share of the choices to remove', numberBetween(0, 0.999))
    .option('--profile <id>', 'device profile; not for RANDOM')
    .option('--source <id>', 'accuracy source for BLOCK_EFFECT; the first that knows the space otherwise')
    .option('--seed <n>', 'seed of what is drawn', wholeNumberBetween(0, 2_147_483_647), 0)
    .option('--evaluations <n>', 'networks evaluated for BLOCK_EFFECT', wholeNumberBetween(20, 5_000), 135)
    .option('--json');
}

async function pruningInput(client: Client, address: string, options: PruneOptions): Promise<PruningInput> {
  const { rule, ratio, seed } = options;
  const spaceVersionId = await versionId(client, address);
  return {
    spaceVersionId,
    rule,
    ratio,
    seed,
    deviceProfileId: options.profile ?? null,
    ...(rule === 'BLOCK_EFFECT' && {
      accuracySourceId: await sourceId(client, spaceVersionId, options.source),
      evaluationCount: options.evaluations,
    }),
  };
}
