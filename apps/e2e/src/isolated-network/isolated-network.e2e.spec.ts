import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine, PermanentReply, PermanentState } from '@muster/client';
import { openMachine } from '@muster/client';
import type { ActivationKeys, InstallationAnswer, InstallationsPage, ProxyCollection } from '@muster/contracts';
import { installationAnswerSchema, installationsPageSchema, proxyCollectionSchema } from '@muster/contracts';
import { eventually } from '@muster/testing';
import { readPublicKeyFile } from '@muster/trust';
import { startAuthority, type Authority } from '../authority/authority.js';
import { startHost, type Host } from '../host/host.js';
import { jsonOf, problemOf } from '../host/host-api.js';
import { killNow } from '../host/processes.js';
import { readRunFile } from '../host/run-file.js';
import { openDesk } from '../muster/desk.js';
import { launchMuster, typeMuster } from '../muster/launch-muster.js';

const CATALOGUE = fileURLToPath(new URL('../../../../deploy/catalogue.example.json', import.meta.url));
const TEST_TIMEOUT_MS = 300_000;
const PRODUCT = 'acme.workstation';

/** More than one batch of `proxy obtain`, so that it can be broken off between two. */
const MACHINES = 120;
const SPARE = 3;
const KILLS = 6;

const dir = mkdtempSync(join(tmpdir(), 'muster-isolated-'));
let authority: Authority | undefined;
let host: Host | undefined;
afterAll(async () => {
  await host?.end();
  await authority?.end();
  rmSync(dir, { recursive: true, force: true });
});

type Kept = Pick<PermanentState, 'wish' | 'lease'>;

const permanentStateIn = (file: string): Kept => JSON.parse(readFileSync(file, 'utf8')) as Kept;

const replyOf = async (machine: Machine): Promise<PermanentReply['type']> => {
  const { outcome } = await machine.leaveRequest();
  return outcome.reply.type;
};

it(
  'the machines of an isolated network are activated through a computer that reaches the authority, whatever is killed meanwhile, and nothing is drawn twice',
  async () => {
    const desk = openDesk(dir);
    const authorityDir = join(dir, 'authority');
    await desk.type(['authority', 'init', '--vendor', 'acme', '--data', authorityDir]);
    authority = await startAuthority(authorityDir);
    const vendor = ['--data', authorityDir];
    await desk.type(['authority', 'catalogue', 'apply', CATALOGUE, ...vendor]);
    const hostKey = await desk.typeJson<{ readonly key: string }>(['authority', 'issue-host-key', '--organisation', 'example', '--group', 'acme-workstation', ...vendor]);
    const mak = await desk.typeJson<{ readonly key: string; readonly keyId: string }>(['authority', 'issue-mak', '--organisation', 'example', '--group', 'acme-workstation', '--allowance', String(MACHINES + SPARE), ...vendor]);
    const remaining = async (): Promise<number | undefined> => (await desk.typeJson<ActivationKeys>(['authority', 'keys', ...vendor])).multipleActivationKeys.find(({ keyId }) => keyId === mak.keyId)?.remaining;

    const hostDir = join(dir, 'host');
    const rootFile = join(authorityDir, 'keys', 'vendor-root.public.json');
    host = await startHost({ dataDir: hostDir, vendorRoot: rootFile, replicas: 'activation=2,counting=2' });
    const { url, api } = host;
    const here = ['--data', hostDir];
    const root = await readPublicKeyFile(rootFile);
    const machineOf = (name: string): Promise<Machine> => openMachine({ dir: join(dir, 'machines', name), product: PRODUCT, root, hosts: [url], hostname: name });
    const names = Array.from({ length: MACHINES }, (_, index) => `ws-${index}`);
    mkdirSync(join(dir, 'machines'), { recursive: true });

    const early = await machineOf('early');
    expect((await early.leaveRequest()).outcome.reply).toMatchObject({ code: 'host-not-activated' });
    await desk.type(['host', 'install-key', '-', '--authority', authority.url, ...here], { input: hostKey.key });
    await desk.type(['host', 'activate', '--authority', authority.url, ...here]);

    const machines = await Promise.all(names.map(machineOf));
    for (const machine of machines) expect(await replyOf(machine)).toBe('waiting');
    for (const machine of machines.slice(0, 5)) expect(await replyOf(machine)).toBe('waiting'); // the same again
    const { events } = await api.ledger();
    expect(events.filter(({ type }) => type.includes('ProxyActivationRequested')).length).toBe(MACHINES);
    expect(JSON.stringify(events)).not.toContain('ws-1');

    // Nobody sees the requests without a token, nor an answer without the very request.
    expect((await api.call('/v1/installation-requests')).status).toBe(401);
    const page: InstallationsPage = installationsPageSchema.parse(jsonOf(await api.operatorCall('/v1/installation-requests?limit=7&personal=true')));
    expect(page.requests.length).toBe(7);
    expect(page.next).toBeDefined();
    expect(names).toContain(page.requests[0]?.hostname);
    const [first] = page.requests;
    const forged = `${first?.request.slice(0, -20) ?? ''}${'A'.repeat(20)}`;
    const leave = (request: string) => api.call('/v1/installation-requests', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ request }) });
    expect(problemOf(await leave(forged)).code).toBe('signature-invalid');
    expect((await leave(first?.request ?? '')).headers.get('retry-after')).toBe('7200');

    const collection = join(dir, 'collection.json');
    const read = (): ProxyCollection => proxyCollectionSchema.parse(JSON.parse(readFileSync(collection, 'utf8')));
    const obtained = (): number => read().entries.filter(({ outcome }) => outcome.status === 'obtained').length;
    await desk.type(['proxy', 'collect', '--output', collection, ...here]);
    expect(read().entries.map(({ hostname }) => hostname).sort()).toEqual([...names].sort());

    // The authority's service is killed while it confirms; `muster` restarts it, and whatever it had recorded is answered again for nothing.
    const servicePid = readRunFile(authorityDir).parts.find(({ name }) => name === 'authority')?.pid ?? -1;
    const { url: authorityUrl } = authority;
    const obtain = () => typeMuster(['proxy', 'obtain', collection, '--authority', authorityUrl, '--key', '-'], { input: mak.key, cwd: dir });
    const broken = obtain();
    const { ledger } = authority;
    await eventually(async () => expect((await ledger()).events.some(({ type }) => type.includes('MultipleActivationKeyUsed'))).toBe(true), { timeoutMs: 30_000, intervalMs: 1 });
    killNow(servicePid);
    await broken;
    await eventually(async () => expect((await obtain()).code).toBe(0), { timeoutMs: 60_000, intervalMs: 500 });
    expect(obtained()).toBe(MACHINES);
    await eventually(async () => expect(await remaining()).toBe(SPARE), { timeoutMs: 60_000 });
    expect(readFileSync(collection, 'utf8')).not.toContain(mak.key);
    await obtain();
    expect(await remaining()).toBe(SPARE);

    // Applying is broken off by SIGKILL, and done again.
    const applying = launchMuster({ args: ['proxy', 'apply', collection, '--data', hostDir], logFile: join(dir, 'apply.log') });
    await eventually(async () => expect((await api.ledger()).events.some(({ type }) => type.includes('ProxyActivationConfirmed'))).toBe(true), { timeoutMs: 30_000 });
    killNow(applying.pid);
    await applying.exited;
    await desk.type(['proxy', 'apply', collection, ...here]);
    const after = (await api.ledger()).events.filter(({ type }) => type.includes('ProxyActivationConfirmed'));
    expect(after.length).toBe(MACHINES);
    expect(installationsPageSchema.parse(jsonOf(await api.operatorCall('/v1/installation-requests'))).requests).toEqual([]);

    const answer: InstallationAnswer = installationAnswerSchema.parse(jsonOf(await leave(first?.request ?? '')));
    expect(answer.outcome).toBe('confirmed');
    for (const name of names) {
      // From its directory alone, as after a restart.
      const machine = await machineOf(name);
      expect(await replyOf(machine)).toBe('granted');
    }

    // A machine that reaches the authority itself is killed as soon as its request is kept, again and again: it draws one activation.
    const restless = ['--dir', join(dir, 'machines', 'restless'), '--product', PRODUCT, '--root', rootFile, '--authority', authorityUrl];
    await desk.type(['machine', 'install-key', '-', ...restless], { input: mak.key });
    const kept = join(dir, 'machines', 'restless', 'permanent', `${PRODUCT}.json`);
    const requestIds = new Set<string>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const activating = launchMuster({ args: ['machine', 'activate', ...restless], logFile: join(dir, 'restless.log') });
      const { wish, lease } = await eventually(() => {
        const state = permanentStateIn(kept);
        if (state.wish === null && state.lease === null) throw new Error('nothing was asked yet');
        return state;
      });
      killNow(activating.pid);
      await activating.exited;
      if (wish !== null) requestIds.add(wish.requestId);
      if (lease !== null) break;
    }
    expect(requestIds.size).toBe(1);
    await desk.type(['machine', 'activate', ...restless]);
    expect(await remaining()).toBe(SPARE - 1);

    await host.end();
    host = undefined;
    await authority.end();
    authority = undefined;
    for (const name of names.slice(0, 10)) {
      const machine = await machineOf(name);
      expect(await machine.status()).toMatchObject({ status: 'licensed', permanent: true, expiresAtMs: null });
      expect(await machine.verify()).toMatchObject({ verified: true, permanent: true });
    }
    const said = await desk.type(['proxy', 'show', collection]);
    expect(said).toMatch(new RegExp(`${PRODUCT} +0 +${MACHINES} +0`));
  },
  TEST_TIMEOUT_MS,
);
