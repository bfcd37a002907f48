import { ServerRefusal, type Client } from '@espalier/client';
import {
  HeartbeatDocument,
  ReportMeasurementsDocument,
  type MeasurementReportInput,
} from '../graphql/generated/documents.js';
import type { Lease } from './leased-spaces.js';

export const HEARTBEAT_MS = 10_000;
/** A report's samples make it large: it is sent in parts. */
const REPORTS_AT_ONCE = 25;

/** What an agent measures now, with its right to. */
export interface HeldLeases {
  /** Aborts when every lease was lost: to go on is of no use. */
  readonly lost: AbortSignal;
  /** Those of the reports whose leases are still held. */
  due(reports: readonly MeasurementReportInput[]): MeasurementReportInput[];
  /** How many leases are held. */
  count(): number;
  /** Ends the heartbeat. */
  release(): void;
}

/** Renews the leases every ten seconds, telling the server what `activity` says then; `onMissed` hears of a beat that failed. */
export function holdLeases(
  client: Client,
  leases: readonly Lease[],
  activity: () => string,
  onMissed: (error: unknown) => void = () => undefined,
): HeldLeases {
  const held = new Set(leases.map((lease) => lease.fencingNumber));
  const allLost = new AbortController();
  let beating = false;
  const heart = setInterval(() => {
    // One that is waiting for a server that is away is enough.
    if (beating) return;
    beating = true;
    beat(client, activity(), [...held])
      .then((lost) => {
        for (const number of lost) held.delete(number);
        if (held.size === 0) allLost.abort(new Error('every lease was lost'));
      }, onMissed)
      .finally(() => {
        beating = false;
      });
  }, HEARTBEAT_MS);
  return {
    lost: allLost.signal,
    due: (reports) => reports.filter(({ fencingNumber }) => held.has(fencingNumber)),
    count: () => held.size,
    release: () => clearInterval(heart),
  };
}

/** Tells what the agent does and renews its leases; returns those that it has lost. */
export async function beat(
  client: Client,
  activity: string,
  fencingNumbers: readonly number[],
): Promise<readonly number[]> {
  const { heartbeat } = await client.send(HeartbeatDocument, {
    input: { activity: activity.slice(0, 200), fencingNumbers: [...fencingNumbers] },
  });
  return heartbeat.lostFencingNumbers;
}

/** What became of reports: taken by the server, too late, or in a part that it refused. */
export interface Reported {
  readonly taken: number;
  readonly late: number;
  readonly refusals: readonly string[];
}

/** Sends reports in parts. A refused part does not keep the others back; its leases expire and are given out again. */
export async function report(client: Client, reports: readonly MeasurementReportInput[]): Promise<Reported> {
  let [taken, late] = [0, 0];
  const refusals: string[] = [];
  for (let at = 0; at < reports.length; at += REPORTS_AT_ONCE) {
    try {
      const part = reports.slice(at, at + REPORTS_AT_ONCE);
      const { results } = (await client.send(ReportMeasurementsDocument, { input: { reports: part } }))
        .reportMeasurements;
      const lost = results.filter(({ outcome }) => outcome === 'LEASE_LOST').length;
      late += lost;
      taken += results.length - lost;
    } catch (error) {
      if (!(error instanceof ServerRefusal) || error.code === 'UNAUTHENTICATED') throw error;
      refusals.push(error.message);
    }
  }
  return { taken, late, refusals };
}
