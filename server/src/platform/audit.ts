import type { TeamId, Transaction } from './database/tenancy.js';

export interface AuditEvent {
  readonly teamId: TeamId;
  /** Who did it: `user:<uuid>`, `token:<uuid>`, `agent:<uuid>`, `worker` or `server`. */
  readonly actor: string;
  /** What was done, in the words of the API, for example `publishSearch`. */
  readonly action: string;
  /** UUID or name of what it was done to. */
  readonly subject?: string | null;
  /** No secrets and no measurements: what a reader of the log needs to understand the event. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Records an event in the transaction of the change itself: either both are there or neither. */
export async function audit(
  tx: Transaction,
  { teamId, actor, action, subject = null, detail = {} }: AuditEvent,
): Promise<void> {
  await tx.query(
    'insert into audit_events (team_id, actor, action, subject, detail) values ($1, $2, $3, $4, $5)',
    [teamId, actor, action, subject, JSON.stringify(detail)],
  );
}
