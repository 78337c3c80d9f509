import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMachine } from '@muster/client';
import { formatEndpointText } from '@muster/contracts';
import { namedHere, type PrivateNamed, startNamed } from '@muster/devstack';
import { systemClock } from '@muster/kernel';
import { aHostCertificate, aTlsCertificate } from '@muster/testing';
import { type DevelopmentVendor, writePublicKeyFile } from '@muster/trust';
import { type PartKind, type RunningPart, writeRunFile } from '../data-dir/run-file.js';
import { painter } from '../terminal/paint.js';
import { doctor } from './doctor.js';
import { smallHost, type SmallHost, TOKEN } from './gather/small-host.fixture.js';
import { aConflict, aRegistrar, differing, failing } from './judge/facts.fixture.js';
import type { DoctorReport } from './report.js';
import type { DoctorOptions } from './wishes.js';

const programs = namedHere('muster doctor as a whole');

const HEAD = 5_000;
const NOBODY_PID = 2 ** 22 + 1; // beyond the greatest pid that Linux gives
const variables = ['MUSTER_HOST', 'MUSTER_DOMAIN', 'MUSTER_CA_FILE', 'MUSTER_OPERATOR_TOKEN', 'MUSTER_OPERATOR_TOKEN_FILE', 'MUSTER_MACHINE_DIR'];

(programs === undefined ? describe.skip : describe)('muster doctor', () => {
  const nowMs = (): number => systemClock.nowMs();
  const place = mkdtempSync(join(tmpdir(), 'muster-doctor-'));
  const tls = aTlsCertificate(['host.full.test', '127.0.0.1'], nowMs());
  const files = { dir: join(place, 'machine'), data: join(place, 'no-host'), root: join(place, 'root.json'), ca: join(place, 'ca.pem') };
  const hosts: SmallHost[] = [];
  let vendor: DevelopmentVendor;
  let named: PrivateNamed;

  beforeAll(async () => {
    for (const name of variables) Reflect.deleteProperty(process.env, name);
    mkdirSync(files.data);
    vendor = await aHostCertificate({}, { nowMs: nowMs() });
    await writePublicKeyFile(files.root, vendor.rootKey.publicJwk);
    writeFileSync(files.ca, tls.certificate);
    const registrar = aRegistrar({ domain: failing('tsig-bad-time'), planned: { ...differing('foreign'), conflicts: [aConflict], domain: 'full.test' } });
    const administration = {
      '/v1/dns': { ...registrar.description, position: HEAD - 1 },
      '/v1/dns/plan': registrar.plan!,
      '/v1/events?after=0&limit=1': { events: [], head: HEAD },
      '/v1/statistics': {},
    };
    hosts.push(await smallHost({ vendor, tls, administration }, nowMs));
    hosts.push(await smallHost({ vendor: await aHostCertificate({}, { seed: 'other', nowMs: nowMs() }) }, nowMs));
    hosts.push(await smallHost({ vendor }, nowMs));
    const listed = (target: string, port: number, scheme: 'http' | 'https', domain: string): readonly string[] => [
      `_muster._tcp SRV 0 10 ${port} ${target}`,
      `_muster._tcp TXT "${formatEndpointText({ target: `${target}.${domain}`, port, scheme }).join('')}"`,
      `${target} A 127.0.0.1`,
    ];
    const [full, rogue, plain] = hosts.map(({ port }) => port);
    named = await startNamed({
      dir: join(place, 'named'),
      keys: [],
      zones: [
        { name: 'full.test', updatePolicy: [], records: [...listed('host', full!, 'https', 'full.test'), ...listed('rogue', rogue!, 'http', 'full.test')] },
        { name: 'good.test', updatePolicy: [], records: listed('host', plain!, 'http', 'good.test') },
      ],
    });
  });
  afterAll(async () => {
    await Promise.all([named.stop(), ...hosts.map((host) => host.close())]);
    rmSync(place, { recursive: true });
  });

  const run = async (options: DoctorOptions): Promise<{ readonly code: number; readonly report: DoctorReport }> => {
    const data: string[] = [];
    const paint = painter(false);
    const terminal = { json: true, verbose: false, watched: false, data: (line: string) => void data.push(line), note: () => undefined, progress: () => undefined, paint, paintData: paint };
    const code = await doctor({ ...files, resolver: [`127.0.0.1:${named.port}`], ...options }, terminal);
    return { code, report: JSON.parse(data.join('\n')) as DoctorReport };
  };
  const ids = ({ findings }: DoctorReport): readonly string[] => findings.map(({ id }) => id).sort();

  it('ends with 0 where nothing is to be done, and says what it could not look at', async () => {
    const { code, report } = await run({ domain: ['good.test'] });
    expect([code, ids(report)]).toEqual([0, ['dns-negative-ttl', 'machine-none']]);
    expect(report.checks.filter(({ area }) => area === 'hosts')).toMatchObject([{ subject: `http://host.good.test:${hosts[2]!.port}`, detail: expect.stringContaining(`proved to be host ${vendor.hostKey.id}`) as string }]);
    expect(report.skipped.map(({ subject }) => subject)).toEqual(['registrar', 'positions', 'readiness of each service']);
    expect(Object.keys(report).sort()).toEqual(['checks', 'findings', 'skipped']);
  });

  it('ends with 8 where something is: a rogue host in DNS, and what the registrar knows', async () => {
    const { code, report } = await run({ domain: ['full.test'], host: hosts[0]!.url, token: TOKEN });
    expect(code).toBe(8);
    expect(ids(report)).toEqual(
      ['dns-negative-ttl', 'host-certificate-expires', 'host-certificate-expires', 'host-rogue', 'machine-none', 'registrar-clock', 'registrar-conflict', 'registrar-foreign'].sort(),
    );
    expect(report.findings.find(({ id }) => id === 'host-rogue')?.subject).toBe(`http://rogue.full.test:${hosts[1]!.port}`);
    expect(report.checks).toContainEqual({ area: 'services', subject: 'dns-registrar, position', detail: `${HEAD - 1} of ${HEAD}` });
    // What the small host does not tell, or tells in a way that nobody understands, was not looked at.
    expect(report.skipped.map(({ subject }) => subject)).toEqual(['counting, position', 'lease-renewal, position', 'readiness of each service']);
  });

  it('says that the registrar is away, which is no reason not to look at the rest', async () => {
    const host = await smallHost({ vendor, away: ['/v1/dns'] }, nowMs);
    hosts.push(host);
    const { code, report } = await run({ domain: ['good.test'], host: host.url, token: TOKEN });
    expect([code, ids(report)]).toEqual([8, ['dns-negative-ttl', 'machine-none', 'registrar-away']]);
    expect(report.skipped.map(({ subject }) => subject)).toEqual(['positions', 'readiness of each service']);
  });

  it('takes a token that is not accepted for no reason to fail', async () => {
    const { report } = await run({ domain: ['good.test'], host: hosts[0]!.url, token: 'wrong' });
    expect(report.skipped.map(({ subject }) => subject)).toEqual(['registrar', 'positions', 'readiness of each service']);
  });

  it('looks at each part of the host that runs here, and at that host without being told', async () => {
    const host = await smallHost({ vendor, readiness: { status: 503, checks: [{ name: 'nats', status: 'down', detail: 'away' }] } }, nowMs);
    hosts.push(host);
    const data = join(place, 'host');
    mkdirSync(data);
    const part = (name: PartKind, pid = process.pid): RunningPart => ({ name, kind: name, pid, port: host.port });
    writeRunFile(data, { pid: process.pid, startedAt: '2026-11-22T00:00:00.000Z', url: host.url, parts: [part('nats'), part('counting'), part('activation', NOBODY_PID)] });
    const { code, report } = await run({ domain: ['good.test'], data });
    expect([code, report.findings.map(({ id, subject }) => `${id} ${subject}`)]).toEqual([
      8,
      ['dns-negative-ttl good.test', `host-not-ready ${host.url}`, 'service-not-ready counting', 'service-gone activation', `machine-none ${files.dir}`],
    ]);
    expect(report.checks).toContainEqual({ area: 'services', subject: 'nats', detail: 'running' });
  });

  it('looks at the leases of the machine', async () => {
    const machine = await openMachine({ dir: files.dir, product: 'acme.workstation', root: vendor.rootKey.publicJwk, hosts: ['http://127.0.0.1:1'] });
    await machine.activate();
    const { code, report } = await run({ domain: ['good.test'] });
    expect([code, ids(report)]).toEqual([8, ['dns-negative-ttl', 'machine-renewals-fail', 'machine-without-lease']]);
  });
});
