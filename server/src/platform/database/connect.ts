import { DataSource, type EntitySchema } from 'typeorm';
import { scopedTransactions, type InScope } from './tenancy.js';

export interface Database {
  readonly inScope: InScope;
  /** True when a trivial statement is answered. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** The application's login role. */
  readonly url: string;
  readonly entities: readonly EntitySchema[];
  readonly connections: number;
  readonly statementTimeoutMs: number;
}

/** Connects the application. Refuses a role that could see past row-level security. */
export async function connectDatabase({
  url,
  entities,
  connections,
  statementTimeoutMs,
}: ConnectOptions): Promise<Database> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    entities: [...entities],
    poolSize: connections,
    applicationName: 'espalier',
    // The application's role may make none, and needs none.
    installExtensions: false,
    extra: { statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: 60_000 },
  });
  await dataSource.initialize();
  const [role] = await dataSource.query<{ unsafe: boolean; owned: number }[]>(`
    select rolsuper or rolbypassrls as unsafe,
      (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relowner = r.oid and n.nspname = 'public') as owned
    from pg_roles r where rolname = current_user`);
  if (!role || role.unsafe || role.owned > 0) {
    await dataSource.destroy();
    throw new Error(
      'The application must connect as a role that owns nothing and is subject to row-level security.',
    );
  }
  return {
    inScope: scopedTransactions(dataSource),
    isReady: () =>
      dataSource.query('select 1').then(
        () => true,
        () => false,
      ),
    close: () => dataSource.destroy(),
  };
}
