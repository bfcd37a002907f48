import { mean, spearman } from '../../stats/index.js';
import type { Positions, TransferProblem, TransferSample } from './problem.js';
import { cholesky, solveCholesky } from './symmetric.js';

/** A prediction of every candidate that ranks them; what a better method has to beat. */
export type Baseline = (problem: TransferProblem, samples: readonly TransferSample[]) => Float64Array;

/** The known device whose latencies rank the samples best (Spearman), as it is. */
export const bestProxy: Baseline = ({ known }, samples) => {
  const measured = samples.map(({ latencyMs }) => latencyMs);
  const agreement = known.map(({ latencyMs }) => {
    const rho = spearman(
      samples.map(({ candidate }) => latencyMs[candidate] ?? NaN),
      measured,
    );
    return Number.isNaN(rho) ? -1 : rho;
  });
  return Float64Array.from(known[agreement.indexOf(Math.max(...agreement))]?.latencyMs ?? []);
};

/** Mean of the known devices' logarithms, each standardised: uses no sample. */
export const unweightedMean: Baseline = ({ known }) => {
  const columns = known.map(({ latencyMs }) => standardised(Float64Array.from(latencyMs, Math.log)));
  return Float64Array.from({ length: columns[0]?.length ?? 0 }, (_, row) =>
    Math.exp(mean(columns.map((column) => column[row] ?? NaN))),
  );
};

/** Ridge regression of weight 1 on the standardised logarithms of known devices and features, centred on the samples. */
export const ridgeOnDevices: Baseline = ({ known, features = [] }, samples) =>
  ridge(
    [
      ...known.map(({ latencyMs }) => standardised(Float64Array.from(latencyMs, Math.log))),
      ...features.map(({ values }) => standardised(Float64Array.from(values))),
    ],
    samples,
  );

/** The same regression on the choices alone, or the features without positions: what the samples say by themselves. */
export const fromScratch: Baseline = ({ known, positions, features = [] }, samples) => {
  if (positions !== undefined) return ridgeOnChoices(positions, samples);
  const columns = features.map(({ values }) => standardised(Float64Array.from(values)));
  return columns.length > 0
    ? ridge(columns, samples)
    : new Float64Array(known[0]?.latencyMs.length ?? 0).fill(1);
};

function ridge(columns: readonly Float64Array[], samples: readonly TransferSample[]): Float64Array {
  const rows = samples.map(({ candidate }) => candidate);
  const logs = samples.map(({ latencyMs }) => Math.log(latencyMs));
  const level = mean(logs);
  const centres = columns.map((column) => mean(rows.map((row) => column[row] ?? NaN)));
  const count = rows.length;
  // In the dual: (X Xᵀ + I) α = ℓ, which is as many equations as there are samples.
  const system = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++)
      system[i * count + j] = columns.reduce(
        (sum, column, c) => {
          const centre = centres[c] ?? NaN;
          return sum + ((column[rows[i] ?? 0] ?? NaN) - centre) * ((column[rows[j] ?? 0] ?? NaN) - centre);
        },
        Number(i === j),
      );
  const dual = solveCholesky(
    cholesky(system, count),
    logs.map((log) => log - level),
  );
  const size = columns[0]?.length ?? 0;
  const prediction = new Float64Array(size).fill(level);
  for (const [c, column] of columns.entries()) {
    const centre = centres[c] ?? NaN;
    const weight = rows.reduce((sum, row, i) => sum + (dual[i] ?? NaN) * ((column[row] ?? NaN) - centre), 0);
    for (let row = 0; row < size; row++)
      prediction[row] = (prediction[row] as number) + weight * ((column[row] as number) - centre);
  }
  return prediction.map(Math.exp);
}

function standardised(values: Float64Array): Float64Array {
  const average = mean(values);
  const deviation = Math.sqrt(mean(values.map((value) => (value - average) ** 2)));
  return values.map((value) => (deviation > 0 ? (value - average) / deviation : 0));
}

/** With an indicator for each choice: two candidates have as much in common as they have equal choices. */
function ridgeOnChoices({ encodings }: Positions, samples: readonly TransferSample[]): Float64Array {
  const measured = samples.map(({ candidate }) => encodings[candidate] ?? []);
  const logs = samples.map(({ latencyMs }) => Math.log(latencyMs));
  const level = mean(logs);
  const count = measured.length;
  const alike = measured.map((a) => measured.map((b) => equalChoices(a, b)));
  const rowMeans = alike.map(mean);
  const overall = mean(rowMeans);
  const system = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++)
      system[i * count + j] =
        (alike[i]?.[j] ?? NaN) - (rowMeans[i] ?? NaN) - (rowMeans[j] ?? NaN) + overall + Number(i === j);
  const dual = solveCholesky(
    cholesky(system, count),
    logs.map((log) => log - level),
  );
  const average = mean(dual);
  const offset = rowMeans.reduce((sum, each, i) => sum + each * ((dual[i] ?? NaN) - average), 0);
  return Float64Array.from(encodings, (encoding) => {
    const sum = measured.reduce(
      (total, each, i) => total + ((dual[i] ?? NaN) - average) * equalChoices(encoding, each),
      0,
    );
    return Math.exp(level + sum - offset);
  });
}

function equalChoices(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let equal = 0;
  for (let i = 0; i < a.length; i++) if (a[i] === b[i]) equal++;
  return equal;
}
