import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EndpointBeat } from '@muster/contracts';
import { endpointBeatSchema, subjects } from '@muster/contracts';
import type { PrivateNamed, PrivateNats } from '@muster/devstack';
import { namedHere, startNamed, startNats } from '@muster/devstack';
import { eventually } from '@muster/testing';
import { openGateway } from '../open-gateway.fixture.js';

const START_TIMEOUT_MS = 60_000;

(namedHere('announcing a gateway by a real DNS server') ? describe : describe.skip)('a gateway, on NATS and with a DNS server', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-announce-'));
  let named: PrivateNamed;
  let nats: PrivateNats;

  beforeAll(async () => {
    nats = await startNats({ dir: join(dir, 'nats'), users: [] });
    named = await startNamed({ dir: join(dir, 'named'), keys: [], zones: [{ name: 'corp.test', updatePolicy: [], records: ['host-1 A 127.0.0.1', 'alias CNAME host-1'] }] });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await named?.stop();
    await nats?.stop();
    rmSync(dir, { recursive: true, force: true });
  }, START_TIMEOUT_MS);

  const open = async (env: Readonly<Record<string, string>>) => {
    const opened = await openGateway({ natsUrl: nats.url, env: { MUSTER_DNS_RESOLVERS: `127.0.0.1:${named.port}`, ...env } });
    const heard: EndpointBeat[] = [];
    opened.bus.subscribe(subjects.endpointBeat, { schema: endpointBeatSchema, onMessage: (beat) => heard.push(beat) });
    const announcement = async () => {
      const { status, body } = await opened.call('GET', '/readyz', { token: null });
      const { checks } = body as { readonly checks: readonly { readonly name: string; readonly status: string; readonly detail?: string }[] };
      return { ready: status === 200, ...checks.find(({ name }) => name === 'announcement') };
    };
    return { ...opened, heard, announcement };
  };

  it(
    'says where it is, and at its shutdown that it stops',
    async () => {
      const { heard, announcement, gateway, stop } = await open({ MUSTER_ADVERTISE: 'host-1.corp.test', MUSTER_ADVERTISE_SITES: 'berlin' });
      try {
        await eventually(() => expect(heard.length).toBeGreaterThan(0));
        const port = Number(new URL(gateway.url).port);
        const facts = { endpoint: `host-1.corp.test:${port}`, target: 'host-1.corp.test', port, scheme: 'http', sites: ['berlin'], domains: null, priority: 0, weight: 10 };
        expect(heard).toEqual([{ ...facts, instance: heard[0]?.instance, stopping: false }]);
        expect(await announcement()).toMatchObject({ ready: true, status: 'up', detail: `as ${facts.endpoint}` });
        expect(await gateway.stop()).toBe(true);
        await eventually(() => expect(heard.slice(1)).toEqual([{ ...facts, instance: heard[0]?.instance, stopping: true }]));
      } finally {
        await stop();
      }
    },
    START_TIMEOUT_MS,
  );

  it.each([
    ['an alias', 'alias.corp.test', 'alias.corp.test is an alias of host-1.corp.test'],
    ['a name without an address', 'nowhere.corp.test', 'nowhere.corp.test has no address in DNS'],
  ])(
    'is not announced as %s, and says so on its readiness without being less ready',
    async (_, advertise, why) => {
      const { heard, announcement, stop } = await open({ MUSTER_ADVERTISE: advertise });
      try {
        await eventually(async () => expect(await announcement()).toMatchObject({ ready: true, status: 'warn', detail: expect.stringContaining(why) as unknown }));
      } finally {
        await stop();
      }
      expect(heard).toEqual([]);
    },
    START_TIMEOUT_MS,
  );

  it(
    'on loopback, with nothing set, is a matter of this machine',
    async () => {
      const { announcement, heard, stop } = await open({});
      try {
        await eventually(async () => expect(await announcement()).toEqual({ ready: true }));
      } finally {
        await stop();
      }
      expect(heard).toEqual([]);
    },
    START_TIMEOUT_MS,
  );
});
