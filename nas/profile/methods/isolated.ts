import { builtSitesOf } from '../../graph/index.js';
import { positionsOf, type SearchSpace } from '../../space/index.js';
import { mean, median } from '../../stats/index.js';
import { corrected } from '../correction.js';
import { ProfileError } from '../error.js';
import { predictLatency, type LatencyTable } from '../latency-table.js';
import { fitAndHeldOut, planOf } from '../networks.js';
import {
  additivity,
  blockRepeatability,
  measuredNetworks,
  qualityOf,
  type Repeatability,
} from '../quality.js';
import { FLOOR_ESTIMATOR, robustFloor, roundMinima } from '../statistics.js';
import type { Subject } from '../subject.js';
import type { MeasuredSubject, PlannedSubject, ProfileEstimate, ProfilingMethod } from './method.js';
import { badOption, OptionReader, type CommonOptions } from './options.js';

/**
 * After Rieber et al. 2023: every block alone and as a chain, whose difference is free of the cost of a call, and distinct random
 * networks. Options besides the common ones: `copies`, lengths of the chains that a block's latency is the slope of, ascending
 * from 1 (1 and 4). Only for spaces whose widths and resolution are no choices: there a block's latency is one number.
 */
export const isolated: ProfilingMethod = {
  plan(space, options) {
    const { copies, ...common } = optionsOf(options);
    const blocks = distinctBlocks(space).flatMap(({ layer, choice, site }) =>
      copies.map((count): PlannedSubject => ({
        subject: { kind: 'BLOCK', layer, choice, copies: count, site },
        purpose: 'BLOCK',
      })),
    );
    return planOf(space, [...blocks, ...fitAndHeldOut(space, common)], common.batch);
  },

  estimate(space, _options, results): ProfileEstimate {
    const floors = results.map(({ rounds }) => robustFloor(roundMinima(rounds)));
    const lines = linesOf(space, results, floors);
    const layers = lines.map((layer) => layer.map(({ slopeMs }) => slopeMs));
    const networks = measuredNetworks(results);
    const rests = networks.fit.map(
      ({ encoding, measuredMs }) => measuredMs - predictLatency({ layers, fixedMs: 0 }, encoding),
    );
    const uncorrected: LatencyTable = {
      layers,
      fixedMs: rests.length > 0 ? Math.max(0, median(rests)) : 0,
    };
    const table = corrected(space, uncorrected, networks.fit);
    const alone = lines.map((layer) => layer.map(({ aloneMs }) => aloneMs));
    const words = `${FLOOR_ESTIMATOR}; block = slope over chains`;
    return {
      table,
      uncorrected,
      intervalMs: null,
      isolatedMs: alone,
      interceptMs: median(
        lines.flat().flatMap(({ aloneMs, interceptMs }) => (aloneMs > 0 ? [interceptMs] : [])),
      ),
      estimator: table === uncorrected ? words : `${words}; scaled to whole networks`,
      quality: qualityOf(results, {
        table,
        uncorrected,
        repeatability: repeatabilityOf(space, results),
      }),
      // Rieber's prediction: blocks run alone and added up, with nothing fitted.
      details: { aloneAdditivity: additivity({ layers: alone, fixedMs: 0 }, networks.heldOut) },
    };
  },
};

const DEFAULT_COPIES: readonly number[] = [1, 4];
const MAX_COPIES = 64;

function optionsOf(value: unknown): CommonOptions & { readonly copies: readonly number[] } {
  const reader = new OptionReader(value);
  const given = reader.take('copies') ?? DEFAULT_COPIES;
  const copies = Array.isArray(given) ? given.map((each) => (typeof each === 'number' ? each : NaN)) : [];
  const ascending = copies.every(
    (each, at) =>
      Number.isInteger(each) && each <= MAX_COPIES && (at === 0 ? each === 1 : each > (copies[at - 1] ?? 0)),
  );
  if (copies.length < 2 || !ascending)
    throw badOption(
      `copies: expected at least two numbers ascending from 1 to at most ${String(MAX_COPIES)}`,
    );
  const options = { ...reader.common(), copies };
  reader.done();
  return options;
}

/** Every block at every place once; of equal ones, which take the same time, the first. */
function distinctBlocks(
  space: SearchSpace,
): readonly { readonly layer: number; readonly choice: number; readonly site: number }[] {
  const dependent = positionsOf(space).find(({ kind }) => kind === 'width' || kind === 'resolution');
  if (dependent !== undefined)
    throw new ProfileError(
      'PROFILE_NOT_ADDITIVE',
      `the latency of a block depends on ${dependent.name}: keep one choice there to profile blocks by themselves, or profile whole networks (END_TO_END)`,
    );
  const seen = new Set<string>();
  return positionsOf(space).flatMap(({ index, choices }) =>
    choices.flatMap((_, choice) =>
      builtSitesOf(space, index, choice).flatMap(({ site, key }) => {
        if (seen.has(key)) return [];
        seen.add(key);
        return [{ layer: index, choice, site }];
      }),
    ),
  );
}

interface Line {
  readonly slopeMs: number;
  readonly interceptMs: number;
  readonly aloneMs: number;
}

/** A line per block through (copies, floor), summed over the places of its position; nothing where nothing is built. */
function linesOf(
  space: SearchSpace,
  results: readonly { readonly subject: Subject }[],
  floors: ArrayLike<number>,
): readonly (readonly Line[])[] {
  const points = new Map<string, [copies: number, ms: number][]>();
  for (const [at, { subject }] of results.entries()) {
    if (subject.kind !== 'BLOCK') continue;
    const { layer, choice, site, copies } = subject;
    const key = builtSitesOf(space, layer, choice).find((built) => built.site === site)?.key ?? '';
    points.set(key, [...(points.get(key) ?? []), [copies, floors[at] ?? NaN]]);
  }
  return positionsOf(space).map((position) =>
    position.choices.map(({ name }, choice) => {
      const lines = builtSitesOf(space, position.index, choice).map(({ key, copies }) => {
        const chains = points.get(key) ?? [];
        const alone = chains.find(([count]) => count === 1)?.[1];
        if (alone === undefined || chains.length < 2)
          throw new ProfileError(
            'PROFILE_MISSING_RESULT',
            `${position.name} ${name}: needs the block alone and a longer chain, got ${String(chains.length)} results`,
          );
        return { copies, line: lineThrough(chains, alone) };
      });
      const sum = (part: keyof Line): number =>
        lines.reduce((total, { copies, line }) => total + copies * line[part], 0);
      return { slopeMs: sum('slopeMs'), interceptMs: sum('interceptMs'), aloneMs: sum('aloneMs') };
    }),
  );
}

/**
 * Least squares. Noise can push the slope of a tiny block to 0 or below, which no block costs: it is at least a hundredth of the
 * time alone.
 */
function lineThrough(chains: readonly (readonly [number, number])[], aloneMs: number): Line {
  const meanCopies = mean(chains.map(([copies]) => copies));
  const meanMs = mean(chains.map(([, ms]) => ms));
  let covariance = 0;
  let variance = 0;
  for (const [copies, ms] of chains) {
    covariance += (copies - meanCopies) * (ms - meanMs);
    variance += (copies - meanCopies) ** 2;
  }
  const slopeMs = Math.max(covariance / variance, aloneMs / 100);
  return { slopeMs, interceptMs: meanMs - slopeMs * meanCopies, aloneMs };
}

function repeatabilityOf(space: SearchSpace, results: readonly MeasuredSubject[]): Repeatability | null {
  return blockRepeatability(
    results.filter(({ subject }) => subject.kind === 'BLOCK'),
    (blocks, floors) =>
      linesOf(space, blocks, floors).flatMap((layer) => layer.map(({ slopeMs }) => slopeMs)),
  );
}
