import type { Client } from '@espalier/client';
import {
  measureCampaign,
  type CampaignEvent,
  type CampaignSubject,
  type SubjectResult,
} from '../measuring/campaign.js';
import type { MeasurementReportInput } from '../graphql/generated/documents.js';
import { nodeDevice } from '../runtimes/node-device.js';
import type { BlockFiles } from './block-files.js';
import { subjectModel, type Lease } from './subject-model.js';

export interface MeasureOptions {
  /** Asks for the files of uploaded models. */
  readonly client: Client;
  readonly blocks: BlockFiles;
  readonly lockPath: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (event: CampaignEvent) => void;
}

/** Measures the leased subjects together, alone on the device, and returns a report for each. */
export async function measureLeases(
  leases: readonly Lease[],
  { client, blocks, lockPath, onProgress, ...options }: MeasureOptions,
): Promise<MeasurementReportInput[]> {
  const first = leases[0];
  if (!first) return [];
  const broken: MeasurementReportInput[] = [];
  const subjects: CampaignSubject[] = [];
  for (const lease of leases)
    try {
      subjects.push({ id: lease.measurementId, model: await subjectModel(lease, client, blocks) });
    } catch (error) {
      options.signal.throwIfAborted();
      broken.push(failed(lease, `cannot build the model: ${(error as Error).message}`));
    }
  const { threads, batch } = first.target;
  const device = nodeDevice({ threads, lockPath });
  const { subjects: results } = await measureCampaign(subjects, { ...options, device, batch }, onProgress);
  const byId = new Map(leases.map((lease) => [lease.measurementId, lease]));
  const reports = results.flatMap((result) => {
    const lease = byId.get(result.id);
    return lease ? [reportOf(lease, result)] : [];
  });
  return [...reports, ...broken];
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
