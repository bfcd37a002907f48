import {
  distinctPoints,
  generationalDistance,
  generationalDistancePlus,
  hypervolume,
  invertedGenerationalDistancePlus,
  nonDominated2d,
  normalisationBy,
  normalised,
  type Normalisation,
  type Points,
} from '@espalier/nas/pareto';
import type { ObjectiveTable } from '@espalier/nas/search';
import type { TabulatedSpace } from '../../science/tabulated.js';

/**
 * How near the non-dominated networks of a set come to the true front of the *whole* space. Objectives are normalised by the true
 * front's ideal and nadir; the hypervolume's reference point is (1.1, 1.1), its ratio is to that of the true front.
 */
export interface Quality {
  readonly gd: number;
  readonly gdPlus: number;
  readonly igdPlus: number;
  readonly hypervolumeRatio: number;
}

export type Indicator = keyof Quality;
export const INDICATORS = ['gd', 'gdPlus', 'igdPlus', 'hypervolumeRatio'] as const satisfies Indicator[];

/** Judges sets of networks of a table, given by their places. */
export class Judge {
  private readonly table: ObjectiveTable;
  private readonly unit: Normalisation;
  private readonly reference: Points;
  private readonly referenceVolume: number;

  constructor({ table, front }: TabulatedSpace) {
    this.table = table;
    this.unit = normalisationBy(front);
    this.reference = normalised(distinctPoints(front), this.unit);
    this.referenceVolume = hypervolume(this.reference, CORNER);
  }

  /** Of `indices`, those that none of them dominates. */
  frontOf(indices: Uint32Array): Uint32Array {
    const { error, latencyMs } = this.table;
    const stays = nonDominated2d(
      Float64Array.from(indices, (i) => error[i] ?? NaN),
      Float64Array.from(indices, (i) => latencyMs[i] ?? NaN),
    );
    return new Uint32Array(new Set(Array.from(stays, (at) => indices[at] ?? 0)));
  }

  /** Of a front as `frontOf` gives it. */
  qualityOf(front: Uint32Array): Quality {
    const { error, latencyMs } = this.table;
    const points = Array.from(front, (i) => [error[i] ?? NaN, latencyMs[i] ?? NaN]);
    const found = normalised(distinctPoints(points), this.unit);
    return {
      gd: generationalDistance(found, this.reference),
      gdPlus: generationalDistancePlus(found, this.reference),
      igdPlus: invertedGenerationalDistancePlus(found, this.reference),
      hypervolumeRatio: hypervolume(found, CORNER) / this.referenceVolume,
    };
  }
}

/** Where the hypervolume ends, in the normalised objectives. */
const CORNER = [1.1, 1.1];
