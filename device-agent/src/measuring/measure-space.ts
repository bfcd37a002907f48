import {
  profilingMethod,
  subjectKey,
  subjectNetwork,
  type MeasuredSubject,
  type PlannedSubject,
  type ProfileEstimate,
  type ProfileMethod,
} from '@espalier/nas/profile';
import type { SearchSpace } from '@espalier/nas/space';
import { measureCampaign, type CampaignOptions, type CampaignResult } from './campaign.js';
import { measuredModel, type Precision } from './measured-model.js';

export interface SpaceOptions extends CampaignOptions {
  /** What the subjects are measured in; `fp32` unless given. */
  readonly precision?: Precision;
}

export interface SpaceMeasurement {
  readonly estimate: ProfileEstimate;
  readonly results: readonly MeasuredSubject[];
  /** One for every stage of the method. */
  readonly campaigns: readonly CampaignResult[];
}

/** Profiles a space on this machine without a server, by any method and its options. Rejects when a subject fails. */
export async function measureSpace(
  space: SearchSpace,
  method: ProfileMethod,
  options: Readonly<Record<string, unknown>>,
  campaign: SpaceOptions,
): Promise<SpaceMeasurement> {
  const { plan, next, estimate } = profilingMethod(method);
  const given = { ...options, batch: campaign.batch };
  const campaigns: CampaignResult[] = [];
  const results: MeasuredSubject[] = [];
  let planned = plan(space, given).subjects;
  while (planned.length > 0) {
    const measured = await measureSubjects(space, planned, campaign);
    campaigns.push(measured.campaign);
    results.push(...measured.results);
    planned = next?.(space, given, results) ?? [];
  }
  return { estimate: estimate(space, given, results), results, campaigns };
}

/** Measures planned subjects in one campaign. Rejects when one fails. */
export async function measureSubjects(
  space: SearchSpace,
  planned: readonly PlannedSubject[],
  options: SpaceOptions,
): Promise<{ readonly results: readonly MeasuredSubject[]; readonly campaign: CampaignResult }> {
  const { batch, precision = 'fp32' } = options;
  const subjects = planned.map(({ subject }) => ({
    id: subjectKey(subject),
    model: () => measuredModel(subjectNetwork(space, subject), { batch, seed: 0, precision }),
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
  return { results, campaign };
}
