import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type BusUser, busPermissions } from '@muster/contracts';
import { readOrCreateSecret } from '@muster/devstack';
import { dataDirPaths } from '../../data-dir/data-dir.js';

/** Made on the first start and kept as files that only their owner may read. */
export interface HostSecrets {
  readonly natsPasswords: Readonly<Record<BusUser, string>>;
  /** Of the role that services use the database as. */
  readonly databasePassword: string;
  readonly operatorToken: string;
}

/** All of them: a directory that an older version made gets the passwords of users that came since. */
export const BUS_USERS = Object.keys(busPermissions) as readonly BusUser[];

export const natsPasswordFile = (secretsDir: string, user: BusUser): string => join(secretsDir, `nats-${user}`);

export const databasePasswordFile = (secretsDir: string): string => join(secretsDir, 'service-database-password');

export const ensureNatsPasswords = async (secretsDir: string): Promise<Readonly<Record<BusUser, string>>> => {
  const entries = await Promise.all(BUS_USERS.map(async (user) => [user, await readOrCreateSecret(natsPasswordFile(secretsDir, user))] as const));
  return Object.fromEntries(entries) as Record<BusUser, string>;
};

export const ensureSecrets = async (dataDir: string): Promise<HostSecrets> => {
  const paths = dataDirPaths(dataDir);
  return {
    natsPasswords: await ensureNatsPasswords(paths.secrets),
    databasePassword: await readOrCreateSecret(databasePasswordFile(paths.secrets)),
    operatorToken: await readOrCreateSecret(paths.operatorToken),
  };
};

/** All that the gateway is told of a token: its SHA-256 in base64url. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('base64url');
