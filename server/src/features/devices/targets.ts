import { createHash } from 'node:crypto';
import type { HardwareTargetInput } from '../../graphql/generated/resolvers.js';
import { checkedInteger, checkedText } from '../../graphql/input-checks.js';
import type { TeamId, Transaction } from '../../platform/database/tenancy.js';

/** A target as an agent describes it, checked. */
export interface TargetFacts {
  readonly processor: string;
  readonly runtime: string;
  readonly provider: string;
  readonly precision: string;
  readonly threads: number;
  readonly batch: number;
}

export function checkedTarget(field: string, target: HardwareTargetInput): TargetFacts {
  return {
    processor: checkedText(`${field}.processor`, target.processor, 1, 100),
    runtime: checkedText(`${field}.runtime`, target.runtime, 1, 50),
    provider: checkedText(`${field}.provider`, target.provider, 1, 20),
    precision: checkedText(`${field}.precision`, target.precision, 1, 20),
    threads: checkedInteger(`${field}.threads`, target.threads, 1, 1024),
    batch: checkedInteger(`${field}.batch`, target.batch, 1, 4096),
  };
}

/** SHA-256, hexadecimal, of everything that makes two devices the same target, whichever team owns them. */
export function fingerprintOf({
  processor,
  runtime,
  provider,
  precision,
  threads,
  batch,
}: TargetFacts): string {
  const facts = JSON.stringify([processor, runtime, provider, precision, threads, batch]);
  return createHash('sha256').update(facts).digest('hex');
}

/** For example `Intel Xeon CPU · fp32 · 1 thread · batch 16`. */
export function targetName({ processor, provider, precision, threads, batch }: TargetFacts): string {
  const plain = processor
    .replaceAll(/\((R|TM|C)\)|@.*$|\b(Processor|CPU)\b/gi, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const where = `${plain || processor} ${provider.toUpperCase()}`;
  return [where, precision, `${threads} ${threads === 1 ? 'thread' : 'threads'}`, `batch ${batch}`].join(
    ' · ',
  );
}

/** The team's row of this target, made when there is none. Targets that differ in their runtime alone say it in their names. */
export async function targetFor(tx: Transaction, teamId: TeamId, facts: TargetFacts): Promise<string> {
  const fingerprint = fingerprintOf(facts);
  const plain = targetName(facts);
  const [namesake] = await tx.query<unknown[]>(
    'select 1 from hardware_targets where team_id = $1 and name = $2 and fingerprint <> $3 limit 1',
    [teamId, plain, fingerprint],
  );
  const { processor, runtime, provider, precision, threads, batch } = facts;
  const [target] = await tx.query<{ id: string }[]>(
    `insert into hardware_targets (team_id, fingerprint, name, processor, runtime, provider, "precision", threads, batch)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     -- Changes nothing, but returns the row that is there.
     on conflict (team_id, fingerprint) do update set fingerprint = excluded.fingerprint returning id`,
    [
      teamId,
      fingerprint,
      namesake ? `${plain} · ${runtime}` : plain,
      processor,
      runtime,
      provider,
      precision,
      threads,
      batch,
    ],
  );
  if (!target) throw new Error('A target was neither made nor found.');
  return target.id;
}
