/** The nearest measured points: what is left to do with a few of them. */
export interface Neighbours {
  readonly width: number;
  /** Rows × width, row-major. */
  readonly rows: readonly number[];
  readonly targets: readonly number[];
}

const COUNT = 4;

/** Mean of the four nearest rows by Euclidean distance, weighted by its inverse square; the target itself at distance 0. */
export function predictNeighbours({ width, rows, targets }: Neighbours, row: ArrayLike<number>): number {
  const near = targets
    .map((target, at) => {
      let distance = 0;
      for (let column = 0; column < width; column++)
        distance += ((rows[at * width + column] as number) - (row[column] as number)) ** 2;
      return { target, distance };
    })
    .sort((a, b) => a.distance - b.distance)
    .slice(0, COUNT);
  let [sum, weights] = [0, 0];
  for (const { target, distance } of near) {
    const weight = 1 / (distance + 1e-6);
    sum += weight * target;
    weights += weight;
  }
  return sum / weights;
}
