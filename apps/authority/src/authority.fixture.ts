import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HardwareEvidence, VendorCatalogue } from '@muster/contracts';
import type { FreshDatabase, TestServers } from '@muster/devstack';
import { freshDatabase, openClockControl, testServers } from '@muster/devstack';
import { migrate } from '@muster/event-store';
import { DAY_SECONDS, systemClock, toNumericDate } from '@muster/kernel';
import type { RunningService } from '@muster/service';
import { JSON_TYPE, startService } from '@muster/service';
import { aKey } from '@muster/testing';
import type { SigningKey } from '@muster/trust';
import { digestOf, issueIntermediateCertificate, signHostActivationRequest, signInstallationRequest, writePrivateKeyFile, writePublicKeyFile } from '@muster/trust';
import { authorityConfig } from './authority.config.js';
import { AuthorityModule } from './authority.module.js';
import { BODY_BYTES_MAX } from './body/private-body.js';
import { describeAuthority } from './describe-authority.js';

export const TOKEN = 'a-token-that-only-the-vendor-has-0123456789';
export const LEDGER = 'authority';

const terms = { leaseSeconds: 180 * DAY_SECONDS, renewAfterSeconds: 7 * DAY_SECONDS, retryAfterSeconds: 7200 };

export const catalogue: VendorCatalogue = {
  vendor: 'acme',
  environment: 'production',
  groups: [
    { name: 'workstations', rank: 1 },
    { name: 'servers', rank: 2 },
  ],
  pools: [{ name: 'acme', countWindowSeconds: 30 * DAY_SECONDS, countVirtualMachines: false }],
  products: [
    { name: 'acme.workstation', group: 'workstations', pool: 'acme', threshold: 25, ...terms },
    { name: 'acme.server', group: 'servers', pool: 'acme', threshold: 5, ...terms },
  ],
  renewalGraceSeconds: 0,
  certificateDays: 365,
};

/** What one replica answers. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface Replica {
  readonly url: string;
  readonly ask: (method: string, path: string, body?: unknown, token?: string | null) => Promise<Answer>;
}

export interface AuthorityWorld {
  readonly rootKey: SigningKey;
  readonly intermediateKey: SigningKey;
  /** Everything that the replicas logged. */
  readonly logged: () => string;
  /** Signs with the intermediate of this name; there is one of any name. */
  readonly start: (intermediate?: string) => Promise<Replica>;
  /** Of a world with a controlled clock. */
  readonly advanceDays: (days: number) => void;
  readonly stop: () => Promise<void>;
}

const FIRST = 'intermediate';

/** An authority on a database of its own, of which any number of replicas can be started. */
export const authorityWorld = async ({ controlledClock = false } = {}): Promise<AuthorityWorld> => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-authority-'));
  const servers: TestServers = await testServers();
  const database: FreshDatabase = await freshDatabase(servers.databaseUrl);
  const role = { name: `service_${database.name}`, password: 'not-a-secret' };
  await migrate({ url: database.url, ledgers: [LEDGER], serviceRole: role });
  const url = new URL(database.url);
  [url.username, url.password] = [role.name, role.password];

  const rootKey = aKey('authority:root');
  const rootFile = join(dir, 'root.json');
  await writePublicKeyFile(rootFile, rootKey.publicJwk);
  const intermediateOf = async (name: string) => {
    const key = aKey(`authority:${name}`);
    const now = toNumericDate(systemClock.nowMs());
    const claims = { iss: catalogue.vendor, sub: key.id, jti: randomUUID(), iat: now, nbf: now - 300, exp: now + 3650 * DAY_SECONDS, cnf: { jwk: { ...key.publicJwk } } };
    const files = { key: join(dir, `${name}.json`), certificate: join(dir, `${name}.jws`) };
    if (await writePrivateKeyFile(files.key, key)) writeFileSync(files.certificate, await issueIntermediateCertificate({ claims, rootKey }));
    return files;
  };
  const clockFile = join(dir, 'clock.json');
  const clock = controlledClock ? openClockControl(clockFile) : undefined;

  const running: RunningService[] = [];
  const lines: string[] = [];
  const start = async (intermediate = FIRST): Promise<Replica> => {
    const files = await intermediateOf(intermediate);
    const service = await startService({
      name: 'authority',
      nats: 'none',
      config: authorityConfig,
      module: AuthorityModule,
      http: { bodies: { [JSON_TYPE]: BODY_BYTES_MAX } },
      beforeListen: describeAuthority,
      logDestination: { write: (line) => void lines.push(line) },
      env: {
        MUSTER_HTTP_PORT: '0',
        MUSTER_LOG_LEVEL: 'trace',
        MUSTER_SERVICE_DATABASE_URL: url.href,
        MUSTER_VENDOR_ROOT_FILE: rootFile,
        MUSTER_INTERMEDIATE_KEY_FILE: files.key,
        MUSTER_INTERMEDIATE_CERTIFICATE_FILE: files.certificate,
        MUSTER_OPERATOR_TOKEN_HASH: createHash('sha256').update(TOKEN).digest('base64url'),
        ...(controlledClock ? { MUSTER_CONTROLLED_CLOCK_FILE: clockFile } : {}),
      },
    });
    running.push(service);
    const ask = async (method: string, path: string, body?: unknown, token: string | null = TOKEN): Promise<Answer> => {
      const headers = { ...(body === undefined ? {} : { 'content-type': JSON_TYPE }), ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
      const response = await fetch(`${service.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    return { url: service.url, ask };
  };
  const stop = async (): Promise<void> => {
    for (const service of running) await service.stop();
    await database.drop();
    await servers.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  return { rootKey, intermediateKey: aKey(`authority:${FIRST}`), logged: () => lines.join(''), start, advanceDays: (days) => void clock?.advance(days * DAY_SECONDS), stop };
};

/** A host's signed request for its certificate. */
export const hostRequest = (hostKey: SigningKey, { keyId, policies }: { readonly keyId: string; readonly policies: string }): Promise<string> =>
  signHostActivationRequest({ key: hostKey, payload: { jti: randomUUID(), iat: toNumericDate(systemClock.nowMs()), keyId, policies: digestOf(policies) } });

/** A machine's signed request for a permanent lease; the seed stands for its hardware, too. */
export const machineRequest = (seed: string, { product = 'acme.workstation', hardware = { board: digestOf(seed) } as HardwareEvidence } = {}): Promise<string> =>
  signInstallationRequest({ key: aKey(`machine:${seed}`), payload: { jti: randomUUID(), iat: toNumericDate(systemClock.nowMs()), product, machine: { virtual: false }, hardware } });
