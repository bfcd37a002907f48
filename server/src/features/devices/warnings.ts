import { perRequest } from '../../graphql/per-request.js';

/** How far a reference network may be from its own past, or from that of other devices, before it is said, ratio. */
const WORTH_SAYING = 0.1;

interface Reading {
  readonly id: string;
  readonly target: string;
  /** The lowest of the last day, milliseconds. */
  readonly latestMs: number | null;
  /** Median of the days before, milliseconds. */
  readonly usualMs: number | null;
  /** Median of the other devices' lowest of the last day, milliseconds. */
  readonly othersMs: number | null;
}

/** What makes the numbers of a device doubtful, in words, batched over the request. */
export const warningsOf = perRequest<string[]>(async (tx, ids) => {
  const readings = await tx.query<Reading[]>(
    `with mine as (
       select d.id, d.pool_id, t.fingerprint, h.name as target from devices d
         join device_targets t on t.device_id = d.id join hardware_targets h on h.id = t.target_id
       where d.id = any($1)),
     latest as (
       select d.pool_id, r.device_id, r.fingerprint, min(r.reference_ms) as ms from device_references r
         join devices d on d.id = r.device_id
       where d.pool_id in (select pool_id from mine) and r.hour > now() - interval '1 day'
       group by d.pool_id, r.device_id, r.fingerprint)
     select m.id, m.target, l.ms as "latestMs",
       (select percentile_cont(0.5) within group (order by r.reference_ms) from device_references r
          where r.device_id = m.id and r.fingerprint = m.fingerprint
            and r.hour between now() - interval '30 days' and now() - interval '1 day') as "usualMs",
       (select percentile_cont(0.5) within group (order by o.ms) from latest o
          where o.pool_id = m.pool_id and o.fingerprint = m.fingerprint and o.device_id <> m.id) as "othersMs"
     from mine m left join latest l on l.device_id = m.id and l.fingerprint = m.fingerprint
     order by m.target`,
    [ids],
  );
  const failures = await tx.query<{ id: string; count: number }[]>(
    'select id, refuted_failures as count from devices where id = any($1) and refuted_failures > 0',
    [ids],
  );
  const warnings = new Map<string, string[]>();
  const warn = (id: string, words: string | null): void => {
    if (words !== null) warnings.set(id, [...(warnings.get(id) ?? []), words]);
  };
  for (const { id, target, latestMs, usualMs, othersMs } of readings) {
    if (latestMs === null) continue;
    warn(
      id,
      moved(latestMs, usualMs, (than) => `than usual, on ${target}: ${than}`),
    );
    warn(
      id,
      moved(latestMs, othersMs, (than) => `than on the pool’s other devices of ${target}: ${than}`),
    );
  }
  for (const { id, count } of failures)
    warn(
      id,
      count === 1
        ? 'Failed on a subject that another device measured.'
        : `Failed on ${count} subjects in a row that other devices measured.`,
    );
  return warnings;
});

function moved(ms: number, againstMs: number | null, words: (than: string) => string): string | null {
  if (againstMs === null || Math.abs(ms / againstMs - 1) <= WORTH_SAYING) return null;
  const percent = Math.round(Math.abs(ms / againstMs - 1) * 100);
  const direction = ms > againstMs ? 'slower' : 'faster';
  return `The reference network is ${percent} % ${direction} ${words(`${ms.toPrecision(3)} ms against ${againstMs.toPrecision(3)} ms`)}.`;
}
