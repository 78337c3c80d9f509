import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActivationRequestPayload, FirmwareEvidence } from '@muster/contracts';
import { aHostCertificate, fixedClock } from '@muster/testing';
import type { DevelopmentVendor } from '@muster/trust';
import { newEnrolmentToken } from '@muster/trust';
import { fakeHost, type FakeHost } from './fake-host.fixture.js';
import type { Machine, MachineOptions } from './machine.js';
import { openMachine } from './open-machine.js';

const PRODUCT = 'acme.workstation';
const marked = (marker: string): FirmwareEvidence => [{ table: 'SLIC', status: 'present', oemId: 'ACRSYS', oemTableId: 'ACRPRDCT', marker }];

describe('what a machine shows besides who it is', () => {
  let vendor: DevelopmentVendor;
  let host: FakeHost;
  let dir: string;
  const clock = fixedClock();

  beforeEach(async () => {
    vendor = await aHostCertificate();
    host = fakeHost(vendor, { clock });
    dir = mkdtempSync(join(tmpdir(), 'muster-client-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const open = (shown: Pick<MachineOptions, 'evidence' | 'enrolment'> = {}): Promise<Machine> =>
    openMachine({ dir, product: PRODUCT, root: vendor.rootKey.publicJwk, hosts: ['http://host:6878'], hostname: 'ws-01', transport: host, clock, ...shown });
  const payloads = (): readonly ActivationRequestPayload[] => host.received.map(({ payload }) => payload as ActivationRequestPayload);

  it('is nothing unless it is asked to: no firmware is looked at', async () => {
    await (await open()).activate();
    expect(Object.keys(payloads()[0] ?? {}).sort()).toEqual(['iat', 'jti', 'machine', 'product']);
  });

  it("is the firmware's evidence, of which the first request under an id stays the only one", async () => {
    host.moods.push('hang up', 'busy');
    await (await open({ evidence: () => marked('WINDOWS') })).activate();
    await (await open({ evidence: () => marked('WINDOWS') })).activate();
    await (await open({ evidence: () => marked('ACME PRO') })).activate();
    expect(payloads().map(({ evidence }) => evidence)).toEqual([marked('WINDOWS'), marked('WINDOWS'), marked('ACME PRO')]);
    const [first, repeat, other] = payloads().map(({ jti }) => jti);
    expect(repeat).toBe(first);
    expect(other).not.toBe(first);
  });

  it('is left out of renewals: a lease is the proof that its machine qualified', async () => {
    const machine = await open({ evidence: () => marked('ACME PRO'), enrolment: newEnrolmentToken().text });
    await machine.activate();
    await machine.renew();
    expect(host.received.map(({ kind }) => kind)).toEqual(['activation', 'renewal']);
    expect(payloads()[1]).not.toHaveProperty('evidence');
    expect(payloads()[1]).not.toHaveProperty('enrolment');
  });

  it('is that it holds an enrolment token, which is neither sent nor kept', async () => {
    const { text, key } = newEnrolmentToken();
    host.moods.push('hang up');
    await (await open({ enrolment: text })).activate();
    expect(payloads()[0]?.enrolment?.token).toBe(key);
    expect(JSON.stringify(payloads())).not.toContain(text.slice(13));
    expect(readFileSync(join(dir, 'products', `${PRODUCT}.json`), 'utf8')).not.toContain(text.slice(13));
    await (await open()).activate();
    const [withToken, without] = payloads().map(({ jti }) => jti);
    expect(without).not.toBe(withToken);
  });

  it('is refused before anything is sent when it is no token', async () => {
    await expect(open({ enrolment: 'hello' })).rejects.toThrow('not an enrolment token');
    expect(host.received).toEqual([]);
  });
});
