import { measureSpace, type CampaignOptions } from '@espalier/device-agent/measuring';
import { builtSitesOf } from '@espalier/nas/graph';
import type { Additivity, ProfileEstimate, ProfileMethod } from '@espalier/nas/profile';
import { positionsOf, type SearchSpace } from '@espalier/nas/space';
import type { ProfilePart } from './parts.js';

/** Profiles a space by one method. Rejects with a ProfileError where the method cannot. */
export async function measureProfile(
  space: SearchSpace,
  method: ProfileMethod,
  options: Readonly<Record<string, unknown>>,
  campaign: CampaignOptions,
): Promise<Omit<ProfilePart, 'kind' | 'space' | 'batch' | 'measuredAt' | 'method' | 'campaign'>> {
  const { estimate, results, campaigns } = await measureSpace(space, method, options, campaign);
  const { quality, details } = estimate;
  const sum = (part: 'wallMs' | 'insideMs'): number => campaigns.reduce((all, each) => all + each[part], 0);
  return {
    subjects: results.length,
    wallMs: sum('wallMs'),
    insideMs: sum('insideMs'),
    estimator: estimate.estimator,
    blocksMs: blocksOf(space, estimate),
    additivity: quality.additivity,
    uncorrectedAdditivity: quality.uncorrectedAdditivity,
    aloneAdditivity: (details['aloneAdditivity'] ?? null) as Additivity | null,
    repeatability: quality.repeatability,
    referenceDrift: quality.referenceDrift,
    unstableCount: quality.unstableCount,
    remarks: remarksOf(details),
  };
}

function blocksOf(space: SearchSpace, { uncorrected }: ProfileEstimate): readonly (readonly number[])[] {
  return positionsOf(space).map(({ index, choices }) =>
    choices.flatMap((_, choice) =>
      builtSitesOf(space, index, choice).length > 0 ? [uncorrected.layers[index]?.[choice] ?? NaN] : [],
    ),
  );
}

function remarksOf(details: ProfileEstimate['details']): readonly string[] {
  const needed = (details['networksNeeded'] ?? []) as readonly {
    readonly halfWidth: number;
    readonly regression: number;
    readonly sampling: number;
  }[];
  const widths = needed.map(
    ({ halfWidth, regression, sampling }) =>
      `±${String(100 * halfWidth)} % of the mean: ${String(regression)} networks by regression, ${String(sampling)} by sampling`,
  );
  const check = details['interactions'] as
    | {
        readonly additiveError: number;
        readonly groups: readonly { readonly name: string; readonly explainedShare: number }[];
      }
    | null
    | undefined;
  if (!check) return widths;
  const pairs = check.groups.map(
    ({ name, explainedShare }) => `${name} ${(100 * explainedShare).toFixed(0)} %`,
  );
  return [
    ...widths,
    `additive effects err by ${(100 * check.additiveError).toFixed(2)} % (root mean square); pairs would take off: ${pairs.join(', ')}`,
  ];
}
