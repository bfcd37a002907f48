import type { Client } from '@espalier/client';
import {
  measureCampaign,
  type CampaignEvent,
  type CampaignOptions,
  type CampaignSubject,
  type SubjectResult,
} from '../measuring/campaign.js';
import type { MeasurementReportInput } from '../graphql/generated/documents.js';
import type { BlockFiles } from './block-files.js';
import { leasedSpaces, type Lease, type LeaseBatch } from './leased-spaces.js';
import { subjectModel } from './subject-model.js';

/** As a campaign's, whose `signal` says that its result is of no use any more; the batch is the leases' own. */
export interface MeasureOptions extends Omit<CampaignOptions, 'batch'> {
  /** Asks for the files of uploaded models. */
  readonly client: Client;
  readonly blocks: BlockFiles;
  readonly onProgress: (event: CampaignEvent) => void;
  /** Told of each model just before it is loaded. */
  readonly onModel?: (model: Uint8Array, lease: Lease) => void;
}

export interface LeaseReports {
  /** One for each lease that is done, or failed. */
  readonly reports: readonly MeasurementReportInput[];
  /** Most memory that the runtime had, bytes; null where not told. */
  readonly peakMemoryBytes: number | null;
}

/** Measures the leased subjects, which are of one target, together, alone on the device. */
export async function measureLeases(
  batch: LeaseBatch,
  { client, blocks, onProgress, onModel, ...options }: MeasureOptions,
): Promise<LeaseReports> {
  const { leases } = batch;
  const first = leases[0];
  if (!first) return { reports: [], peakMemoryBytes: null };
  const broken: MeasurementReportInput[] = [];
  const subjects: CampaignSubject[] = [];
  const spaces = leasedSpaces(batch, blocks);
  const finishing = (): boolean => options.finish?.aborted === true;
  for (const lease of leases) {
    if (finishing()) return { reports: broken, peakMemoryBytes: null };
    try {
      const build = await subjectModel(lease, client, spaces);
      const model = (): Uint8Array => {
        const bytes = build();
        onModel?.(bytes, lease);
        return bytes;
      };
      subjects.push({ id: lease.measurementId, model });
    } catch (error) {
      options.signal?.throwIfAborted();
      if (finishing()) return { reports: broken, peakMemoryBytes: null };
      broken.push(failed(lease, `cannot build the model: ${(error as Error).message}`));
    }
  }
  const campaign = { ...options, batch: first.target.batch };
  const { subjects: results } = await measureCampaign(subjects, campaign, onProgress);
  const byId = new Map(leases.map((lease) => [lease.measurementId, lease]));
  const reports = results
    .filter(({ complete }) => complete)
    .flatMap((result) => {
      const lease = byId.get(result.id);
      return lease ? [reportOf(lease, result)] : [];
    });
  const peak = Math.max(0, ...results.map(({ peakMemoryBytes }) => peakMemoryBytes ?? 0));
  return { reports: [...reports, ...broken], peakMemoryBytes: peak || null };
}

function reportOf(lease: Lease, result: SubjectResult): MeasurementReportInput {
  if (result.error !== null || result.rounds.length === 0)
    return { ...failed(lease, result.error ?? 'no round of samples was taken'), deviceMs: result.deviceMs };
  return {
    measurementId: lease.measurementId,
    fencingNumber: lease.fencingNumber,
    rounds: result.rounds.map((round) => [...round]),
    referenceMs: [...result.referenceMs],
    sessionCreateMs: result.sessionCreateMs,
    deviceMs: result.deviceMs,
    unstableReason: result.unstableReason,
  };
}

const failed = (lease: Lease, error: string): MeasurementReportInput => ({
  measurementId: lease.measurementId,
  fencingNumber: lease.fencingNumber,
  error: error.slice(0, 500),
});
