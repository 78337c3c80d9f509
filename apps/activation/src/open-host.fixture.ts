import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { HostConfirmation, RequestActivation, TallyAnswer, TallyRequest } from '@muster/contracts';
import {
  activationAnswerSchema,
  hostConfirmedAnswerSchema,
  hostKeyInstalledAnswerSchema,
  hostProofAnswerSchema,
  hostRetiredAnswerSchema,
  revocationsInstalledAnswerSchema,
  signingKeyAnnouncedAnswerSchema,
  signingKeyChangedAnswerSchema,
  subjects,
  tallyRequestSchema,
} from '@muster/contracts';
import type { FreshDatabase, TestServers } from '@muster/devstack';
import { freePort, freshDatabase } from '@muster/devstack';
import type { EventStore, NewEvent } from '@muster/event-store';
import { createPostgresEventStore, migrate } from '@muster/event-store';
import { MINUTE_SECONDS, systemClock, toNumericDate } from '@muster/kernel';
import type { Bus } from '@muster/messaging';
import { connectBus } from '@muster/messaging';
import type { RunningService } from '@muster/service';
import { commonConfig, createLogger, defineConfig, startService } from '@muster/service';
import { aKey, anActivationKey, aVendor, hostPolicies } from '@muster/testing';
import { contentDigestOf, signHostConfirmation, signRevocationList, writePrivateKeyFile, writePublicKeyFile } from '@muster/trust';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { activationConfig } from './activation.config.js';
import { ActivationModule } from './activation.module.js';

const LEDGER = 'main';
const ACTOR = 'operator:test';
const ANSWER_TIMEOUT_MS = 5000;
const silent = createLogger({ service: 'test', level: 'fatal' });

/** In the place of the counting service: the pool is always full. */
@Controller()
class FullPool {
  @MessagePattern(subjects.countingTally)
  tally(@Payload({ schema: tallyRequestSchema }) { arrivals }: TallyRequest): TallyAnswer {
    return { status: 'tallied', counts: arrivals.map(() => ({ physical: 25, virtual: 0 })) };
  }
}

@Module({ controllers: [FullPool] })
class FullPoolModule {}

export interface OpenHostOptions {
  readonly servers: TestServers;
  /** Where its files are kept. */
  readonly dir: string;
  /** Another seed is another vendor with another host. */
  readonly seed: string;
  readonly recordedBefore?: readonly NewEvent[];
}

/** A ledger of its own, two activation services on it, and an administrator on the bus. */
export const openHost = async ({ servers, dir, seed, recordedBefore = [] }: OpenHostOptions) => {
  const vendor = await aVendor({ seed });
  const hostKey = aKey(`host-life:${seed}`);
  const place = mkdtempSync(join(dir, `${seed}-`));
  const files = { root: join(place, 'root.json'), key: join(place, 'key.json') };
  await writePublicKeyFile(files.root, vendor.rootKey.publicJwk);
  await writePrivateKeyFile(files.key, hostKey);
  const database: FreshDatabase = await freshDatabase(servers.databaseUrl);
  const role = { name: `service_${database.name}`, password: 'not-a-secret' };
  await migrate({ url: database.url, ledgers: [LEDGER], serviceRole: role });
  const url = new URL(database.url);
  [url.username, url.password] = [role.name, role.password];
  const store: EventStore = createPostgresEventStore({ url: url.href, clock: systemClock, applicationName: 'muster-test' });
  if (recordedBefore.length > 0) {
    const nowMs = systemClock.nowMs();
    await store.append({ ledger: LEDGER, expectedHead: await store.head(LEDGER), recordedAtMs: nowMs, nowMs, events: recordedBefore, requests: [], personal: [] });
  }
  const common = async () => ({ MUSTER_HTTP_ADDRESS: '127.0.0.1', MUSTER_HTTP_PORT: String(await freePort()), MUSTER_NATS_URL: servers.natsUrl, MUSTER_LEDGER: LEDGER, MUSTER_LOG_LEVEL: 'fatal' });
  const env = { MUSTER_SERVICE_DATABASE_URL: url.href, MUSTER_VENDOR_ROOT_FILE: files.root, MUSTER_HOST_KEY_FILE: files.key, MUSTER_SIGNING_KEYS_DIR: place };
  const counting = await startService({ name: 'counting', config: defineConfig(commonConfig), module: FullPoolModule, env: await common() });
  const replicas: RunningService[] = [];
  for (let replica = 0; replica < 2; replica += 1) replicas.push(await startService({ name: 'activation', config: activationConfig, module: ActivationModule, env: { ...(await common()), ...env } }));
  const bus: Bus = connectBus({ url: servers.natsUrl, name: 'test', inboxPrefix: '_INBOX_gateway', log: silent });
  const readiness = async (): Promise<readonly { readonly status: number; readonly host: string }[]> =>
    Promise.all(
      replicas.map(async (replica) => {
        const response = await fetch(`${replica.url}/readyz`);
        const { checks } = (await response.json()) as { readonly checks: readonly { readonly name: string; readonly detail?: string }[] };
        return { status: response.status, host: checks.find((check) => check.name === 'host')?.detail ?? '' };
      }),
    );
  const ask = (machine: string) => {
    const content = { product: 'acme.workstation', virtual: false, citedLease: null };
    const request: RequestActivation = {
      ...content,
      machine: aKey(`machine:${machine}`).id,
      requestId: randomUUID(),
      audience: null,
      issuedAt: toNumericDate(systemClock.nowMs()),
      contentDigest: contentDigestOf({ kind: 'activation', ...content, evidence: null }),
      hostname: machine,
      address: null,
    };
    return bus.request(subjects.activationRequest, request, { schema: activationAnswerSchema, timeoutMs: ANSWER_TIMEOUT_MS });
  };
  const confirmation = async (serial: number, validDays = 365): Promise<{ policies: string; keyId: string; confirmation: HostConfirmation }> => {
    const policies = await hostPolicies(vendor);
    const issuedAt = Math.floor(toNumericDate(systemClock.nowMs()) / MINUTE_SECONDS) * MINUTE_SECONDS;
    return { policies: policies.jws, keyId: policies.claims.keyId, confirmation: await signHostConfirmation({ policies, hostPublicKey: hostKey.publicJwk, serial, issuedAt, validDays, vendorKey: vendor.vendorKey }) };
  };
  const order = {
    installKey: (policies: string, keyId: string) =>
      bus.request(subjects.hostInstallKey, { keyId, keyEnding: anActivationKey().ending, policies, actor: ACTOR }, { schema: hostKeyInstalledAnswerSchema, timeoutMs: ANSWER_TIMEOUT_MS }),
    confirm: (made: HostConfirmation) => bus.request(subjects.hostConfirm, { confirmation: made, actor: ACTOR }, { schema: hostConfirmedAnswerSchema, timeoutMs: ANSWER_TIMEOUT_MS }),
    retire: () => bus.request(subjects.hostRetire, { reason: 'replaced', actor: ACTOR }, { schema: hostRetiredAnswerSchema, timeoutMs: ANSWER_TIMEOUT_MS }),
    announce: (delegation: string) => bus.request(subjects.hostAnnounceKey, { delegation, actor: ACTOR }, { schema: signingKeyAnnouncedAnswerSchema, timeoutMs: ANSWER_TIMEOUT_MS }),
    change: (kid: string, reason: 'rotation' | 'compromise') => bus.request(subjects.hostChangeKey, { kid, reason, actor: ACTOR }, { schema: signingKeyChangedAnswerSchema, timeoutMs: ANSWER_TIMEOUT_MS }),
    revoke: async (sequence: number, keys: string[], by = vendor) => {
      const claims = { iss: 'development-vendor', iat: toNumericDate(systemClock.nowMs()), sequence, certificates: [], keys, chain: by.chain };
      const list = await signRevocationList({ claims, vendorKey: by.vendorKey });
      return bus.request(subjects.hostInstallRevocations, { list, actor: ACTOR }, { schema: revocationsInstalledAnswerSchema, timeoutMs: ANSWER_TIMEOUT_MS });
    },
  };
  const prove = async (nonce: string): Promise<string> => (await bus.request(subjects.hostProve, { nonce }, { schema: hostProofAnswerSchema, timeoutMs: ANSWER_TIMEOUT_MS })).proof;
  const types = async (): Promise<readonly string[]> => (await store.read({ ledger: LEDGER, after: 0, limit: 100 })).map(({ type }) => type);
  const activate = async (): Promise<void> => {
    const made = await confirmation(1);
    await order.installKey(made.policies, made.keyId);
    await order.confirm(made.confirmation);
  };
  const stop = async (): Promise<void> => {
    await bus.close();
    for (const service of [...replicas, counting]) await service.stop();
    await store.close();
    await database.drop();
  };
  return { vendor, hostKey, place, ask, prove, order, confirmation, activate, readiness, types, stop, root: vendor.rootKey.publicJwk };
};

export type OpenHost = Awaited<ReturnType<typeof openHost>>;
