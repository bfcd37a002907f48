import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { RequestContext } from '../../graphql/context.js';
import { fromGlobalId, toGlobalId } from '../../graphql/node-ids.js';
import { EspalierError, notFound } from '../../platform/errors.js';
import type { Route } from '../../platform/http/routes.js';
import type { Platform } from '../../platform/platform.js';
import type { DeviceProfileRow, MeasuredBy, MeasurementRow } from './entities.js';

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

/** The samples of a profile as a download, for whoever may see the profile. */
export function samplesRoute({ blobs }: Pick<Platform, 'blobs'>): Route {
  return {
    method: 'GET',
    url: '/profiles/:id/samples',
    action: null,
    points: 200,
    handle: async (ctx: RequestContext, { params }, reply) => {
      if (ctx.principal.kind === 'AGENT') throw new EspalierError('FORBIDDEN', 'An agent may only measure.');
      const parsed = fromGlobalId((params as { id?: string }).id ?? '');
      const profile = parsed?.type === 'DeviceProfile' ? await ctx.load('DeviceProfile', parsed.uuid) : null;
      if (!profile?.samplesHash) throw notFound('Samples');
      return reply
        .type('application/gzip')
        .header('content-disposition', 'attachment; filename="samples.ndjson.gz"')
        .send(Readable.from(blobs.stream(profile.samplesHash.toString('hex'))));
    },
  };
}

export const samplesPath = ({ id, samplesHash }: DeviceProfileRow): string | null =>
  samplesHash && `/profiles/${toGlobalId('DeviceProfile', id)}/samples`;
