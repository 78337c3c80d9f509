import type { ClientBase } from 'pg';
import pg from 'pg';
import { scramVerifier } from './scram-verifier.js';

/** The role that services connect as. Without a password the role must exist already, and is only granted what it needs. */
export interface ServiceRole {
  readonly name: string;
  readonly password?: string;
}

/** Roles belong to the whole server: migrations of two databases at once can meet on one. */
const COLLISIONS = ['42710', '23505', 'XX000'];
const TRIES_MAX = 5;

const codeOf = (error: unknown): string => (error instanceof pg.DatabaseError ? (error.code ?? '') : '');

const retrying = async (work: () => Promise<unknown>): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt === TRIES_MAX || !COLLISIONS.includes(codeOf(error))) throw error;
    }
  }
};

/** What a service may do, and all of it: events can be added and read, never changed. */
const grants = (role: string): string => `
  grant usage on schema muster to ${role};
  grant select on muster.ledgers to ${role};
  grant select, update (position, recorded_at, running_hash) on muster.heads to ${role};
  grant select, insert on muster.events, muster.request_ids to ${role};
  grant select, insert, delete on muster.personal_data to ${role};
  grant select, insert, update, delete on muster.snapshots to ${role};`;

/** Creates or updates the service role and grants it what it needs on the present tables. */
export const ensureServiceRole = async (client: ClientBase, { name, password }: ServiceRole): Promise<void> => {
  const role = pg.escapeIdentifier(name);
  if (password !== undefined) {
    const verifier = pg.escapeLiteral(scramVerifier(password));
    await retrying(async () => {
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
      await client.query(`${rowCount === 0 ? 'create' : 'alter'} role ${role} login password ${verifier}`);
    });
  }
  await client.query(grants(role));
  const { rows } = await client.query<{ may: boolean; database: string }>(`select has_database_privilege($1, current_database(), 'connect') as may, current_database() as database`, [name]);
  const [access] = rows;
  if (access?.may === false) await client.query(`grant connect on database ${pg.escapeIdentifier(access.database)} to ${role}`);
};
