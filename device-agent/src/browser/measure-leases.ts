import type { Client } from '@espalier/client';
import type { BlockFiles } from '../agent/block-files.js';
import { subjectModel, type Lease } from '../agent/subject-model.js';
import type { MeasurementReportInput } from '../graphql/generated/documents.js';
import {
  measureCampaign,
  type CampaignEvent,
  type CampaignLimits,
  type CampaignSubject,
  type SubjectResult,
} from '../measuring/campaign.js';
import type { MeasuringDevice } from '../measuring/device.js';
import { subjectWords } from './subject-words.js';
import { watched, type Watch } from './watched-device.js';

export interface PageMeasureOptions {
  readonly client: Client;
  readonly blocks: BlockFiles;
  /** Held already by the caller. */
  readonly device: MeasuringDevice;
  readonly batch: number;
  readonly limits: Partial<CampaignLimits>;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly watch: Watch;
  readonly onProgress: (event: CampaignEvent) => void;
}

/** Measures the leased subjects together and returns a report for each. As in `agent/measure-leases.ts`, with another device. */
export async function measureLeases(
  leases: readonly Lease[],
  { client, blocks, device, watch, limits, onProgress, ...options }: PageMeasureOptions,
): Promise<MeasurementReportInput[]> {
  const reports: MeasurementReportInput[] = [];
  const subjects: CampaignSubject[] = [];
  const seen = watched(device, watch);
  for (const lease of leases)
    try {
      const model = await subjectModel(lease, client, blocks);
      subjects.push({
        id: lease.measurementId,
        model: () => seen.name(model(), subjectWords(lease.subject)),
      });
    } catch (error) {
      options.signal.throwIfAborted();
      reports.push(failed(lease, `cannot build the model: ${(error as Error).message}`));
    }
  const campaign = { ...limits, ...options, device: seen.device };
  const { subjects: results } = await measureCampaign(subjects, campaign, onProgress);
  const byId = new Map(leases.map((lease) => [lease.measurementId, lease]));
  for (const result of results) {
    const lease = byId.get(result.id);
    if (lease) reports.push(reportOf(lease, result));
  }
  return reports;
}

function reportOf(lease: Lease, result: SubjectResult): MeasurementReportInput {
  if (result.error !== null || result.rounds.length === 0)
    return failed(lease, result.error ?? 'no round of samples was taken');
  return {
    measurementId: lease.measurementId,
    fencingNumber: lease.fencingNumber,
    rounds: result.rounds.map((round) => [...round]),
    referenceMs: [...result.referenceMs],
    sessionCreateMs: result.sessionCreateMs,
    unstableReason: result.unstableReason,
  };
}

const failed = (lease: Lease, error: string): MeasurementReportInput => ({
  measurementId: lease.measurementId,
  fencingNumber: lease.fencingNumber,
  error: error.slice(0, 500),
});
