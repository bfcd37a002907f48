/**
 * Posterior of normally distributed targets whose observations come one after another (Rasmussen and Williams 2006, algorithm
 * 2.1): an observation more costs n² multiply-adds, the last ones can be taken back, and the same observations in the same
 * order give the same bits however they came.
 */
export class GrowingPosterior {
  /** Cholesky factor of the covariance, row after row, the lower triangle alone. */
  private lower = new Float64Array((16 * 17) / 2);
  /** lower⁻¹ targets. */
  private half = new Float64Array(16);
  private solved = new Float64Array(16);
  private weightsNow: Float64Array | null = null;
  size = 0;

  /**
   * `covariance`: with each observation so far and, as the last entry, with itself, noise included. `target` null stands for
   * what is expected there: it changes no prediction, only how sure they are.
   */
  append(covariance: Float64Array, target: number | null): void {
    const n = this.size;
    const row = (n * (n + 1)) / 2;
    this.reserve(n + 1);
    const { lower, half } = this;
    let expected = 0;
    let left = covariance[n] as number;
    for (let i = 0, start = 0; i < n; i++, start += i) {
      let sum = covariance[i] as number;
      for (let k = 0; k < i; k++) sum -= (lower[start + k] as number) * (lower[row + k] as number);
      const entry = sum / (lower[start + i] as number);
      lower[row + i] = entry;
      expected += entry * (half[i] as number);
      left -= entry * entry;
    }
    // Rounding may leave less than nothing of what the noise puts there.
    const diagonal = Math.sqrt(Math.max(left, 1e-9 * (covariance[n] as number)));
    lower[row + n] = diagonal;
    half[n] = target === null ? 0 : (target - expected) / diagonal;
    this.size = n + 1;
    this.weightsNow = null;
  }

  /** Keeps the first `size` observations. */
  truncate(size: number): void {
    if (size >= this.size) return;
    this.size = size;
    this.weightsNow = null;
  }

  /** covariance⁻¹ targets: an expectation is its product with the covariance between a point and the observations. */
  weights(): Float64Array {
    if (this.weightsNow !== null) return this.weightsNow;
    const { size, lower } = this;
    const weights = this.half.slice(0, size);
    for (let i = size - 1; i >= 0; i--) {
      const start = (i * (i + 1)) / 2;
      const weight = (weights[i] as number) / (lower[start + i] as number);
      weights[i] = weight;
      for (let k = 0; k < i; k++) weights[k] = (weights[k] as number) - weight * (lower[start + k] as number);
    }
    this.weightsNow = weights;
    return weights;
  }

  /** What the observations take off the variance of a point that has this covariance with each of them. */
  explained(covariance: Float64Array): number {
    const { size, lower, solved } = this;
    let squares = 0;
    for (let i = 0, start = 0; i < size; i++, start += i) {
      let sum = covariance[i] as number;
      for (let k = 0; k < i; k++) sum -= (lower[start + k] as number) * (solved[k] as number);
      const entry = sum / (lower[start + i] as number);
      solved[i] = entry;
      squares += entry * entry;
    }
    return squares;
  }

  private reserve(size: number): void {
    if (size <= this.half.length) return;
    const room = 2 * this.half.length;
    const moved = (old: Float64Array, length: number): Float64Array<ArrayBuffer> => {
      const wider = new Float64Array(length);
      wider.set(old);
      return wider;
    };
    this.lower = moved(this.lower, (room * (room + 1)) / 2);
    this.half = moved(this.half, room);
    this.solved = new Float64Array(room);
  }
}
