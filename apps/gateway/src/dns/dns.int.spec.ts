import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyDnsSchema, describeDnsSchema, listDnsRecordsSchema, orderDnsSchema, planDnsSchema, scavengeDnsSchema, subjects, takeOverDnsSchema } from '@muster/contracts';
import type { PrivateNats } from '@muster/devstack';
import { startNats } from '@muster/devstack';
import { Problem } from '@muster/kernel';
import { eventually } from '@muster/testing';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { openGateway } from '../open-gateway.fixture.js';

const START_TIMEOUT_MS = 60_000;
const ENDPOINT = 'host-1.corp.example:443';
const STRANGER = 'stranger.corp.example:443';

/** What came over the bus, in order. */
const asked: { readonly subject: string; readonly order: unknown }[] = [];
const note = <T>(subject: string, order: unknown, answer: T): T => {
  asked.push({ subject, order });
  return answer;
};
const place = { recorded: true, position: 7, endpoint: ENDPOINT };

/** In the place of the registrar: takes what the contract allows, and knows one endpoint. */
@Controller()
class StandInController {
  @MessagePattern(subjects.dnsDescribe)
  describe(@Payload({ schema: describeDnsSchema }) order: unknown) {
    return note('describe', order, { position: 7, deployment: null, serving: false, label: '_muster._tcp', endpoints: [], domains: [] });
  }

  @MessagePattern(subjects.dnsRecords)
  records(@Payload({ schema: listDnsRecordsSchema }) order: unknown) {
    return note('records', order, { position: 7, records: [] });
  }

  @MessagePattern(subjects.dnsPlan)
  plan(@Payload({ schema: planDnsSchema }) order: unknown) {
    return note('plan', order, { position: 7, domains: [] });
  }

  @MessagePattern(subjects.dnsApply)
  apply(@Payload({ schema: applyDnsSchema }) order: unknown) {
    return note('apply', order, { position: 7, domains: [] });
  }

  @MessagePattern(subjects.dnsOrder)
  order(@Payload({ schema: orderDnsSchema }) order: { readonly endpoint?: string }) {
    if (order.endpoint === STRANGER) throw new Problem('endpoint-unknown', 'No such endpoint was ever announced.');
    return note('order', order, place);
  }

  @MessagePattern(subjects.dnsTakeOver)
  takeOver(@Payload({ schema: takeOverDnsSchema }) order: unknown) {
    return note('take-over', order, { ...place, domain: 'corp.example', owner: null });
  }

  @MessagePattern(subjects.dnsScavenge)
  scavenge(@Payload({ schema: scavengeDnsSchema }) order: unknown) {
    return note('scavenge', order, { position: 7, orphans: [], failures: [] });
  }
}

@Module({ controllers: [StandInController] })
class StandIn {}

describe('the routes of the registrar', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-dns-routes-'));
  let nats: PrivateNats;
  let opened: Awaited<ReturnType<typeof openGateway>>;

  beforeAll(async () => {
    nats = await startNats({ dir, users: [] });
    opened = await openGateway({ natsUrl: nats.url, standIns: [{ name: 'dns-registrar', module: StandIn }] });
    await eventually(async () => expect((await opened.call('GET', '/v1/dns')).status).toBe(200));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await opened?.stop();
    await nats?.stop();
    rmSync(dir, { recursive: true, force: true });
  }, START_TIMEOUT_MS);
  beforeEach(() => void asked.splice(0));

  const actor = expect.stringMatching(/^operator:/) as unknown;

  it.each([
    ['/v1/dns', { subject: 'describe', order: {} }],
    ['/v1/dns/records', { subject: 'records', order: {} }],
    ['/v1/dns/records?domain=corp.example', { subject: 'records', order: { domains: ['corp.example'] } }],
    ['/v1/dns/plan?domain=corp.example&domain=lab.example', { subject: 'plan', order: { domains: ['corp.example', 'lab.example'] } }],
  ])('GET %s is asked of the registrar', async (path, expected) => {
    expect((await opened.call('GET', path)).status).toBe(200);
    expect(asked).toEqual([expected]);
  });

  it.each(['/v1/dns/plan?domain=Corp.Example', '/v1/dns/plan?domain=', '/v1/dns/records?domain=corp.example&domain=-', '/v1/dns/records?zone=corp.example'])('GET %s is nothing that one can ask', async (path) => {
    expect(await opened.call('GET', path)).toMatchObject({ status: 400, body: { code: 'malformed-request' } });
    expect(asked).toEqual([]);
  });

  it.each([
    ['POST', 'applications', { domains: ['corp.example'], deleteShareMax: 1 }, { subject: 'apply', order: { domains: ['corp.example'], deleteShareMax: 1, actor } }],
    ['POST', 'publications', {}, { subject: 'order', order: { order: 'publish', actor } }],
    ['POST', 'withdrawals', { endpoint: ENDPOINT }, { subject: 'order', order: { order: 'withdraw', endpoint: ENDPOINT, actor } }],
    ['PUT', 'preferences', { endpoint: ENDPOINT, priority: 5, weight: null, domains: ['corp.example'] }, { subject: 'order', order: { order: 'prefer', endpoint: ENDPOINT, priority: 5, weight: null, domains: ['corp.example'], actor } }],
    ['POST', 'take-overs', { domain: 'corp.example' }, { subject: 'take-over', order: { domain: 'corp.example', actor } }],
    ['POST', 'scavenges', { dryRun: true }, { subject: 'scavenge', order: { dryRun: true, actor } }],
  ])('%s /v1/dns/%s is ordered in the name of whoever asks', async (method, path, body, expected) => {
    expect((await opened.call(method, `/v1/dns/${path}`, { body })).status).toBe(200);
    expect(asked).toEqual([expected]);
  });

  it.each([
    ['POST', 'applications', { deleteShareMax: 1.1 }],
    ['POST', 'publications', { endpoint: 'host-1.corp.example' }],
    ['POST', 'withdrawals', { endpoint: ENDPOINT, actor: 'operator:somebody-else' }],
    ['POST', 'withdrawals', { order: 'publish' }],
    ['PUT', 'preferences', { priority: 65_536 }],
    ['POST', 'take-overs', {}],
    ['POST', 'scavenges', {}],
  ])('%s /v1/dns/%s with %j is no order', async (method, path, body) => {
    expect(await opened.call(method, `/v1/dns/${path}`, { body })).toMatchObject({ status: 400, body: { code: 'malformed-request' } });
    expect(asked).toEqual([]);
  });

  it('tells what the registrar refuses, and that it is away', async () => {
    expect(await opened.call('POST', '/v1/dns/withdrawals', { body: { endpoint: STRANGER } })).toMatchObject({ status: 404, body: { code: 'endpoint-unknown' } });
    const alone = await startNats({ dir: join(dir, 'alone'), users: [] });
    const { call, stop } = await openGateway({ natsUrl: alone.url });
    expect(await call('GET', '/v1/dns')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    await stop();
    await alone.stop();
  });

  it('are closed to whoever has no token', async () => {
    expect((await opened.call('GET', '/v1/dns', { token: null })).status).toBe(401);
    expect((await opened.call('POST', '/v1/dns/withdrawals', { token: null, body: {} })).status).toBe(401);
    expect(asked).toEqual([]);
  });
});
