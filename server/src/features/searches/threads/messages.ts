import type { Evaluated } from '@espalier/nas/search';
import type { SearchSpace } from '@espalier/nas/space';
import type { DeviceProfileRow } from '../../profiles/entities.js';
import type { SpaceVersionRow } from '../../spaces/entities.js';
import type { SearchRunRow } from '../entities.js';

/** All that a search of a table follows from, as it is sent to a thread. */
export interface Begun {
  readonly run: SearchRunRow;
  readonly document: SpaceVersionRow['document'];
  readonly latencyTable: DeviceProfileRow['latencyTable'];
  readonly known: readonly Evaluated[];
  /** With the models that the space is made of, where limits need networks to be counted. */
  readonly buildable: SearchSpace;
  readonly ratio: number;
  readonly checkpoint: Uint8Array | null;
  /** A table file, in memory that threads share. */
  readonly table: Uint8Array;
}

export type ToThread =
  | { readonly kind: 'BEGIN'; readonly key: number; readonly begun: Begun }
  /** `size` 0 asks for the checkpoint alone. */
  | {
      readonly kind: 'SEARCH';
      readonly key: number;
      readonly call: number;
      readonly done: number;
      readonly size: number;
    }
  | { readonly kind: 'END'; readonly key: number };

/** A slice's trials by column. */
export interface SearchedColumns {
  readonly architectures: Uint8Array;
  readonly accuracy: Float64Array;
  readonly latencyMs: Float64Array;
  readonly withinLimits: Uint8Array;
  readonly checkpoint: Uint8Array;
}

export type FromThread =
  | { readonly call: number; readonly columns: SearchedColumns }
  /** `isPermanent`: the same input would fail again. */
  | { readonly call: number; readonly failure: string; readonly isPermanent: boolean };
