import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DnsDescription, DomainEvent, EndpointBeat, EndpointFacts, EventOf, EventType, OrderDns, Subject } from '@muster/contracts';
import { decodeBody, dnsAppliedSchema, dnsDescriptionSchema, dnsOrderedSchema, dnsPlanSchema, endpointIdOf, subjects } from '@muster/contracts';
import type { FreshDatabase, PrivateNats, TestServers } from '@muster/devstack';
import { freePort, freshDatabase, startNats, testServers } from '@muster/devstack';
import type { EventStore } from '@muster/event-store';
import { createPostgresEventStore, migrate } from '@muster/event-store';
import { systemClock } from '@muster/kernel';
import { type Bus, connectBus, type Schema } from '@muster/messaging';
import type { RunningService } from '@muster/service';
import { createLogger, startService } from '@muster/service';
import { aHostCertificate, anEvent, hostActivated } from '@muster/testing';
import { dnsRegistrarConfig } from './dns-registrar.config.js';
import { DnsRegistrarModule } from './dns-registrar.module.js';

export const LEDGER = 'main';
export const START_TIMEOUT_MS = 120_000;
/** Well within any patience of these tests. */
const BEAT_INTERVAL_MS = 100;
const ANSWER_TIMEOUT_MS = 30_000;
const ACTOR = 'operator:abcdefghijkl';

/** A deployment: ledger, bus, and the registrars that are started on them. */
export interface RegistrarWorld {
  readonly store: EventStore;
  /** Starts one more registrar. */
  readonly start: (env?: Record<string, string>) => Promise<RunningService>;
  readonly activate: () => Promise<void>;
  readonly record: (...events: readonly DomainEvent[]) => Promise<void>;
  /** Beats from now on; answers how to fall silent, in order or not. */
  readonly beat: (facts: EndpointFacts) => (how: 'killed' | 'stopped') => void;
  readonly events: <T extends EventType>(type: T) => Promise<readonly EventOf<T>['data'][]>;
  readonly ask: <T>(subject: Subject, order: object, schema: Schema<T>) => Promise<T>;
  readonly describe: () => Promise<DnsDescription>;
  readonly plan: () => Promise<ReturnType<typeof dnsPlanSchema.parse>>;
  readonly apply: (order?: object) => Promise<ReturnType<typeof dnsAppliedSchema.parse>>;
  readonly order: (order: OrderDns extends infer O ? (O extends OrderDns ? Omit<O, 'actor'> : never) : never) => Promise<ReturnType<typeof dnsOrderedSchema.parse>>;
  readonly stop: () => Promise<void>;
}

export const endpoint = (target: string, more: Partial<EndpointFacts> = {}): EndpointFacts => {
  const { port = 443 } = more;
  return { target, port, endpoint: endpointIdOf({ target, port }), scheme: 'https', sites: [], domains: null, priority: 0, weight: 10, ...more };
};

let servers: Promise<TestServers> | undefined;

/** The servers of this file's worlds; stop them when all of those are. */
export const worldServers = (): Promise<TestServers> => (servers ??= testServers());

const serviceUrl = async (database: FreshDatabase): Promise<string> => {
  const role = { name: `service_${database.name}`, password: 'not-a-secret' };
  await migrate({ url: database.url, ledgers: [LEDGER], serviceRole: role });
  const url = new URL(database.url);
  [url.username, url.password] = [role.name, role.password];
  return url.href;
};

let instances = 0;

const beating = (bus: Bus, facts: EndpointFacts): ((how: 'killed' | 'stopped') => void) => {
  instances += 1;
  const beat: EndpointBeat = { ...facts, instance: `018f0000-0000-7000-8000-${String(instances).padStart(12, '0')}`, stopping: false };
  const timer = setInterval(() => bus.publish(subjects.endpointBeat, beat), BEAT_INTERVAL_MS);
  return (how) => {
    clearInterval(timer);
    if (how === 'stopped') bus.publish(subjects.endpointBeat, { ...beat, stopping: true });
  };
};

/** A ledger and a bus of its own, without a registrar yet. `settings`: what each registrar is told beside that. */
export const registrarWorld = async (settings: Record<string, string>): Promise<RegistrarWorld> => {
  const { databaseUrl } = await worldServers();
  const dir = mkdtempSync(join(tmpdir(), 'muster-registrar-'));
  const database = await freshDatabase(databaseUrl);
  // Beats name no ledger: each deployment has its own bus.
  const nats: PrivateNats = await startNats({ dir, users: [] });
  const url = await serviceUrl(database);
  const store = createPostgresEventStore({ url, clock: systemClock, applicationName: 'muster-test' });
  const bus = connectBus({ url: nats.url, name: 'test', inboxPrefix: '_INBOX_gateway', log: createLogger({ service: 'test', level: 'fatal' }) });
  const running: RunningService[] = [];
  const silences: ((how: 'killed') => void)[] = [];

  const record = async (...events: readonly DomainEvent[]): Promise<void> => {
    const recorded = events.map((event) => ({ event, actor: 'service:test', requestId: null, causedByPrevious: false }));
    for (;;) {
      const nowMs = systemClock.nowMs();
      const expectedHead = await store.head(LEDGER);
      const { outcome } = await store.append({ ledger: LEDGER, expectedHead, recordedAtMs: Math.max(nowMs, expectedHead.recordedAtMs), nowMs, events: recorded, requests: [], personal: [] });
      if (outcome === 'appended') break;
    }
    const { position } = await store.head(LEDGER);
    bus.publish(subjects.ledgerAppended, { ledger: LEDGER, first: position - events.length + 1, last: position });
  };
  const ask = <T>(subject: Subject, order: object, schema: Schema<T>): Promise<T> => bus.request(subject, order, { schema, timeoutMs: ANSWER_TIMEOUT_MS });
  return {
    store,
    start: async (env = {}) => {
      const common = { MUSTER_HTTP_ADDRESS: '127.0.0.1', MUSTER_HTTP_PORT: String(await freePort()), MUSTER_NATS_URL: nats.url, MUSTER_LEDGER: LEDGER, MUSTER_LOG_LEVEL: process.env['MUSTER_TEST_LOG_LEVEL'] ?? 'fatal' };
      const all = { ...common, MUSTER_SERVICE_DATABASE_URL: url, ...settings, ...env };
      const service = await startService({ name: 'dns-registrar', config: dnsRegistrarConfig, module: DnsRegistrarModule, env: all });
      running.push(service);
      return service;
    },
    activate: async () => record(hostActivated((await aHostCertificate({}, { nowMs: systemClock.nowMs() })).certificate)),
    record,
    beat: (facts) => {
      const silence = beating(bus, facts);
      silences.push(silence);
      return silence;
    },
    events: async <T extends EventType>(type: T) => {
      const recorded = await store.read({ ledger: LEDGER, after: 0, limit: 1000, types: [type] });
      return recorded.map((event) => decodeBody(event).data) as unknown as readonly EventOf<T>['data'][];
    },
    ask,
    describe: () => ask(subjects.dnsDescribe, {}, dnsDescriptionSchema),
    plan: () => ask(subjects.dnsPlan, {}, dnsPlanSchema),
    apply: (order = {}) => ask(subjects.dnsApply, { ...order, actor: ACTOR }, dnsAppliedSchema),
    order: (order) => ask(subjects.dnsOrder, { ...order, actor: ACTOR }, dnsOrderedSchema),
    stop: async () => {
      for (const silence of silences) silence('killed');
      for (const service of running) await service.stop();
      await bus.close();
      await store.close();
      await nats.stop();
      await database.drop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

/** The host is retired: nothing of it stays listed. */
export const hostRetired = (): DomainEvent => anEvent('HostRetired');
