import { seededWeights, toOnnx } from '@espalier/nas/graph';
import {
  estimateProfile,
  planProfile,
  subjectKey,
  subjectNetwork,
  type PlanOptions,
  type ProfileEstimate,
} from '@espalier/nas/profile';
import type { SearchSpace } from '@espalier/nas/space';
import { measureCampaign, type CampaignOptions, type CampaignResult } from './campaign.js';

export interface SpaceMeasurement {
  readonly estimate: ProfileEstimate;
  readonly campaign: CampaignResult;
}

/** Profiles a space on this machine in one campaign, without a server. Rejects when a subject fails. */
export async function measureSpace(
  space: SearchSpace,
  plan: PlanOptions,
  options: CampaignOptions,
): Promise<SpaceMeasurement> {
  const { batch } = options;
  const weights = seededWeights(0);
  const { subjects: planned } = planProfile(space, { ...plan, batch });
  const subjects = planned.map(({ subject }) => ({
    id: subjectKey(subject),
    model: () => toOnnx(subjectNetwork(space, subject), { batch, weights, batchNorm: 'folded' }),
  }));
  const campaign = await measureCampaign(subjects, options);
  const failed = campaign.subjects.find(({ error }) => error !== null);
  if (failed !== undefined) throw new Error(`${failed.id}: ${failed.error ?? ''}`);
  const results = planned.map((each, at) => ({
    ...each,
    rounds: campaign.subjects[at]?.rounds ?? [],
    referenceMs: campaign.subjects[at]?.referenceMs ?? [],
    unstable: (campaign.subjects[at]?.unstableReason ?? null) !== null,
  }));
  return { estimate: estimateProfile(space, results), campaign };
}
