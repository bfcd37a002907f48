import {
  BlockFileDocument,
  HeartbeatDocument,
  LeaseMeasurementsDocument,
  ModelFileDocument,
  RegisterDeviceDocument,
  ReportMeasurementsDocument,
  UpdateDeviceDocument,
} from '../graphql/generated/documents.js';

const DOCUMENTS: readonly { toString(): string }[] = [
  BlockFileDocument,
  HeartbeatDocument,
  LeaseMeasurementsDocument,
  ModelFileDocument,
  RegisterDeviceDocument,
  ReportMeasurementsDocument,
  UpdateDeviceDocument,
];

/** All that a measuring page asks for: the text of each operation by its name. What passes pages on passes these on alone. */
export const agentOperations: ReadonlyMap<string, string> = new Map(
  DOCUMENTS.map((document) => [operationName(document.toString()), document.toString()]),
);

/** The name of a document's first operation. Throws when it has none. */
export function operationName(document: string): string {
  const name = /^\s*(?:query|mutation)\s+(\w+)/.exec(document)?.[1];
  if (name === undefined) throw new TypeError('An operation needs a name.');
  return name;
}
