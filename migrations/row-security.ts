import { APP_ROLE } from './roles.js';

/**
 * Enables and forces row-level security on a tenant table and grants it to the application.
 * A team's rows are seen and written by that team alone; `alsoReadable` widens reading only.
 */
export function protect(table: string, alsoReadable: readonly string[] = []): string {
  const readable = [`team_id = app_team()`, ...alsoReadable].join(' or ');
  return `
    alter table ${table} enable row level security;
    alter table ${table} force row level security;
    create policy read on ${table} for select using (${readable});
    create policy add on ${table} for insert with check (team_id = app_team());
    create policy change on ${table} for update using (team_id = app_team()) with check (team_id = app_team());
    create policy remove on ${table} for delete using (team_id = app_team());
    grant select, insert, update, delete on ${table} to ${APP_ROLE};`;
}

/** Rows that their team made public, for readers that ask for public rows. */
export const PUBLIC_ROWS = `(visibility = 'PUBLIC' and app_public_rows())`;

/** The row whose secret the caller holds. */
export const BY_SECRET = `secret_hash = app_secret_hash()`;
