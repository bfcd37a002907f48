/** What stands at a layer, per family; enough to build its graph. All of these keep the tensor's shape. */
export type Block = InvertedResidual | FashionCell | BloxCell;

/** `depth` times x + project(depthwise(expand(x))): kernel in pixels, expansion as a factor of the channels. */
export interface InvertedResidual {
  readonly kind: 'inverted-residual';
  readonly kernel: 3 | 5 | 7;
  readonly expansion: 1 | 2 | 4;
  readonly depth: 1 | 2 | 3;
}

export const FASHION_OPERATIONS = ['conv', 'mbconv', 'sepconv'] as const;
export type FashionOperation = (typeof FASHION_OPERATIONS)[number];

export const WIRINGS = ['single', 'chain', 'chain_skip', 'sum', 'sum_skip', 'parallel'] as const;
export type Wiring = (typeof WIRINGS)[number];

/** Two operations and how they are joined; `second` is null exactly when the wiring is `single`. */
export interface FashionCell {
  readonly kind: 'cell';
  readonly wiring: Wiring;
  readonly first: FashionOperation;
  readonly second: FashionOperation | null;
}

export const BLOX_OPERATIONS = ['conv', 'mbconv', 'bconv'] as const;
export type BloxOperation = (typeof BLOX_OPERATIONS)[number];

/**
 * BLOX (Chau et al. 2022): with input x, a = first(x), z = second(prev·a + inp·x), output = z + sc·a.
 * `first` is null when nothing uses it (prev and sc unset: a single operation, held by `second`).
 */
export interface BloxCell {
  readonly kind: 'blox-cell';
  readonly first: BloxOperation | null;
  readonly second: BloxOperation;
  readonly prev: boolean;
  readonly inp: boolean;
  readonly sc: boolean;
}
