import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { MeasuredBy, MeasurementRow } from './entities.js';

/** A device as it was when it measured, by its UUID. */
export type MeasuringDevices = ReadonlyMap<string, MeasuredBy>;

/**
 * Every sample of a campaign as gzipped lines of JSON, one a measurement in the order planned. Times in milliseconds; a list a
 * round in `rounds`, readings of the reference network in `referenceMs`.
 */
export function sampleFile(
  rows: readonly MeasurementRow[],
  devices: MeasuringDevices,
): AsyncIterable<Uint8Array> {
  return Readable.from(lines(rows, devices)).pipe(createGzip());
}

function* lines(rows: readonly MeasurementRow[], devices: MeasuringDevices): Generator<string> {
  for (const row of rows)
    yield `${JSON.stringify({
      ordinal: row.ordinal,
      purpose: row.purpose,
      subject: row.subject,
      status: row.status,
      rounds: row.rounds,
      referenceMs: row.referenceMs,
      sessionCreateMs: row.sessionCreateMs,
      unstableReason: row.unstableReason,
      error: row.error,
      reportedAt: row.reportedAt,
      ...(row.deviceId === null ? {} : devices.get(row.deviceId)),
    })}\n`;
}
