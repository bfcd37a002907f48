import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureSpace, nodeDevice } from '@espalier/device-agent/measuring';
import type { Additivity, LatencyTable, ProfileMethod } from '@espalier/nas/profile';
import { family } from '@espalier/nas/space';

export const FASHION = ['fashion-mobile', 'fashion-blox'] as const;
export type FashionName = (typeof FASHION)[number];

/** How well a table predicts networks that were not used for it; null where none is known. */
export interface TableErrors {
  /** Blocks run alone and added up, nothing fitted. */
  readonly alone: Additivity | null;
  /** Slopes over chains of blocks, and what is left of 20 networks as a constant. */
  readonly chains: Additivity | null;
  /** The same scaled to those networks. */
  readonly chainsScaled: Additivity | null;
  /** Zeng et al.'s corrected table: changes of a base network, nothing fitted. */
  readonly baseNetworks: Additivity | null;
  readonly baseNetworksScaled: Additivity | null;
}

/** A Fashion space measured twice over, by base networks and by isolated blocks, from one seed. */
export interface MeasuredLatency {
  readonly space: FashionName;
  readonly seed: number;
  readonly measuredAt: string;
  /** Of the machine over the last minute, before and after. */
  readonly loadAverage: readonly [number, number];
  /** Subjects that were not calm, and the largest lasting move of the reference, of both campaigns. */
  readonly unstable: readonly number[];
  readonly drift: readonly (number | null)[];
  /** The base network, and what each block changes in it; milliseconds. */
  readonly baseNetworkMs: number;
  readonly changesMs: readonly (readonly number[])[];
  /** The corrected table. */
  readonly table: LatencyTable;
  readonly errors: TableErrors;
}

const SEEDS = [1, 2];
const BATCH = 16;
const NETWORKS = { fitNetworks: 20, heldOutNetworks: 60 };

/** Every space from two seeds, in turn. What `file` holds is not measured again, and what is measured is added to it. */
export async function measuredLatencies(file: string): Promise<readonly MeasuredLatency[]> {
  const known: MeasuredLatency[] = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as MeasuredLatency[])
    : [];
  for (const seed of SEEDS)
    for (const space of FASHION) {
      if (known.some((each) => each.space === space && each.seed === seed)) continue;
      known.push(await measure(space, seed));
      writeFileSync(`${file}.new`, `${JSON.stringify(known)}\n`);
      renameSync(`${file}.new`, file);
    }
  return known;
}

async function measure(name: FashionName, seed: number): Promise<MeasuredLatency> {
  const space = family(name);
  const device = nodeDevice({ threads: 1, lockPath: join(tmpdir(), 'espalier-measuring.lock') });
  const before = loadavg()[0] ?? NaN;
  const by = async (method: ProfileMethod): ReturnType<typeof measureSpace> => {
    console.error(`${name}: ${method}, seed ${String(seed)}`);
    return await measureSpace(space, method, { ...NETWORKS, seed }, { device, batch: BATCH, seed });
  };
  const base = (await by('BASE_NETWORKS')).estimate;
  const isolated = (await by('ISOLATED')).estimate;
  const found = base.details as { baseNetworkMs: number; corrections: (number | null)[][] };
  return {
    space: name,
    seed,
    measuredAt: new Date().toISOString(),
    loadAverage: [before, loadavg()[0] ?? NaN],
    unstable: [base, isolated].map(({ quality }) => quality.unstableCount),
    drift: [base, isolated].map(({ quality }) => quality.referenceDrift),
    baseNetworkMs: found.baseNetworkMs,
    // Nothing ties the layers of these spaces together: every swap is a network.
    changesMs: found.corrections.map((layer) => layer.map((each) => each ?? NaN)),
    table: base.uncorrected,
    errors: {
      alone: (isolated.details['aloneAdditivity'] ?? null) as Additivity | null,
      chains: isolated.quality.uncorrectedAdditivity,
      chainsScaled: isolated.quality.additivity,
      baseNetworks: base.quality.uncorrectedAdditivity,
      baseNetworksScaled: base.quality.additivity,
    },
  };
}
