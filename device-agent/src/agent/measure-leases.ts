import type { Client } from '@espalier/client';
import {
  measureCampaign,
  type CampaignEvent,
  type CampaignSubject,
  type SubjectResult,
} from '../measuring/campaign.js';
import type { MeasurementReportInput } from '../graphql/generated/documents.js';
import { nodeDevice, type NodeDeviceOptions } from '../runtimes/node-device.js';
import type { BlockFiles } from './block-files.js';
import { subjectModel, type Lease } from './subject-model.js';

export interface MeasureOptions {
  /** Asks for the files of uploaded models. */
  readonly client: Client;
  readonly blocks: BlockFiles;
  /** The machine; threads and provider are the leases' own. */
  readonly device: Omit<NodeDeviceOptions, 'threads' | 'provider'>;
  readonly seed: number;
  /** Aborted when what is measured is of no use any more. */
  readonly signal: AbortSignal;
  /** Aborted when the agent should end: the round at hand is finished, and what is complete is returned. */
  readonly finish: AbortSignal;
  readonly onProgress: (event: CampaignEvent) => void;
}

export interface LeaseReports {
  /** One for each lease that is done, or failed. */
  readonly reports: readonly MeasurementReportInput[];
  /** Most memory that the runtime had, bytes; null where not told. */
  readonly peakMemoryBytes: number | null;
}

/** Measures the leased subjects, which are of one target, together, alone on the device. */
export async function measureLeases(
  leases: readonly Lease[],
  { client, blocks, device, onProgress, ...options }: MeasureOptions,
): Promise<LeaseReports> {
  const first = leases[0];
  if (!first) return { reports: [], peakMemoryBytes: null };
  const broken: MeasurementReportInput[] = [];
  const subjects: CampaignSubject[] = [];
  for (const lease of leases) {
    if (options.finish.aborted) return { reports: broken, peakMemoryBytes: null };
    try {
      subjects.push({ id: lease.measurementId, model: await subjectModel(lease, client, blocks) });
    } catch (error) {
      options.signal.throwIfAborted();
      if (options.finish.aborted) return { reports: broken, peakMemoryBytes: null };
      broken.push(failed(lease, `cannot build the model: ${(error as Error).message}`));
    }
  }
  const { threads, batch, provider } = first.target;
  const { subjects: results } = await measureCampaign(
    subjects,
    { ...options, device: nodeDevice({ ...device, threads, provider }), batch },
    onProgress,
  );
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
