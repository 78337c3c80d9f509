import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readOrCreateSecret } from '@muster/devstack';
import { systemClock } from '@muster/kernel';
import { natsUsers } from '@muster/messaging';
import { replaceFile } from '@muster/trust';
import { ensureHostIdentity } from '../host/run/host-identity.js';
import { databasePasswordFile, ensureNatsPasswords, hashOfToken } from '../host/run/host-secrets.js';
import { asRole, SERVICE_ROLE } from '../host/run/start-database.js';
import { natsConfiguration } from './nats-configuration.js';

export interface DeployOptions {
  readonly out: string;
  /** Where the containers reach the database, without user: `postgres:5432/muster`. */
  readonly database: string;
}

export interface DeployFile {
  readonly path: string;
  readonly purpose: string;
  readonly made: boolean;
}

const MIGRATION_ROLE = 'muster';

/** What follows from the secrets is written anew each time; it may have changed with this program. */
const derive = (path: string, content: string): void => replaceFile(path, content);

/**
 * Makes what the services of a deployment share: secrets, their NATS configuration, and a development vendor where no certificate was placed.
 * What exists is kept, so that a second run changes no secret.
 */
export const writeDeployFiles = async ({ out, database }: DeployOptions): Promise<readonly DeployFile[]> => {
  const secrets = join(out, 'secrets');
  const vendor = join(out, 'vendor');
  const planned = [
    { path: join(out, 'nats.conf'), purpose: 'configuration of nats-server: a user for each service, and the subjects it may use' },
    { path: join(secrets, 'postgres-password'), purpose: `password of the database role ${MIGRATION_ROLE}, which owns the tables` },
    { path: join(secrets, 'database-url'), purpose: 'MUSTER_DATABASE_URL_FILE of the migration' },
    { path: databasePasswordFile(secrets), purpose: 'MUSTER_SERVICE_DATABASE_PASSWORD_FILE of the migration' },
    { path: join(secrets, 'service-database-url'), purpose: 'MUSTER_SERVICE_DATABASE_URL_FILE of activation, lease-renewal, counting and dns-registrar' },
    { path: join(secrets, 'operator-token'), purpose: "the operator's token: MUSTER_OPERATOR_TOKEN_FILE of `muster`" },
    { path: join(secrets, 'operator-token-hash'), purpose: 'MUSTER_OPERATOR_TOKEN_HASH_FILE of the gateway' },
    { path: join(vendor, 'host-certificate.jws'), purpose: 'the host certificate; with host-key.private.json and vendor-root.public.json beside it' },
  ].map((file) => ({ ...file, made: !existsSync(file.path) }));

  const natsPasswords = await ensureNatsPasswords(secrets);
  const postgresPassword = await readOrCreateSecret(join(secrets, 'postgres-password'));
  const servicePassword = await readOrCreateSecret(databasePasswordFile(secrets));
  const operatorToken = await readOrCreateSecret(join(secrets, 'operator-token'));
  derive(join(out, 'nats.conf'), natsConfiguration(natsUsers(natsPasswords)));
  derive(join(secrets, 'database-url'), `${asRole(`postgres://${database}`, { name: MIGRATION_ROLE, password: postgresPassword })}\n`);
  derive(join(secrets, 'service-database-url'), `${asRole(`postgres://${database}`, { name: SERVICE_ROLE, password: servicePassword })}\n`);
  derive(join(secrets, 'operator-token-hash'), `${hashOfToken(operatorToken)}\n`);
  await ensureHostIdentity({ dir: vendor, nowMs: systemClock.nowMs() });
  return planned;
};
