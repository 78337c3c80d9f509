import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ActivationKeys, HostActivationAnswer } from '@muster/contracts';
import { systemClock, toNumericDate } from '@muster/kernel';
import { aKey, eventually } from '@muster/testing';
import { certificateFromConfirmation, decodeConfirmation, digestOf, encodeInstallation, readPublicKeyFile, signHostActivationRequest } from '@muster/trust';
import { isAlive, killNow, processTree } from '../host/processes.js';
import type { RunFile } from '../host/run-file.js';
import { readRunFile } from '../host/run-file.js';
import { openDesk } from '../muster/desk.js';
import type { MusterProcess } from '../muster/launch-muster.js';
import { launchMuster } from '../muster/launch-muster.js';
import { readAloud } from '../stories/handbook/read-aloud.js';

const CATALOGUE = fileURLToPath(new URL('../../../../deploy/catalogue.example.json', import.meta.url));
const TEST_TIMEOUT_MS = 240_000;
const READY_TIMEOUT_MS = 120_000;
const RESTART_TIMEOUT_MS = 30_000;

const dir = mkdtempSync(join(tmpdir(), 'muster-authority-e2e-'));
const data = join(dir, '.muster-authority');
const desk = openDesk(dir);
const launched: MusterProcess[] = [];

afterAll(() => {
  for (const { pid } of launched) if (isAlive(pid)) for (const each of processTree(pid)) killNow(each);
  rmSync(dir, { recursive: true, force: true });
});

const start = async (): Promise<{ readonly launcher: MusterProcess; readonly run: RunFile }> => {
  const launcher = launchMuster({ args: ['authority', 'run', '--data', data, '--port', '0'], logFile: join(dir, 'launcher.log') });
  launched.push(launcher);
  const run = await eventually(
    () => {
      const found = readRunFile(data);
      if (found.pid !== launcher.pid) throw new Error(`not ready:\n${launcher.output()}`);
      return found;
    },
    { timeoutMs: READY_TIMEOUT_MS, intervalMs: 50 },
  );
  return { launcher, run };
};

const pidOf = ({ parts }: RunFile, name: string): number => parts.find((part) => part.name === name)?.pid ?? -1;

it(
  'an authority keeps what it granted through SIGKILL of its service, and of everything at once',
  async () => {
    await desk.type(['authority', 'init', '--vendor', 'acme', '--data', data]);
    // From here on the root is somewhere else.
    rmSync(join(data, 'keys', 'vendor-root.private.json'));
    const root = await readPublicKeyFile(join(data, 'keys', 'vendor-root.public.json'));
    const first = await start();
    await desk.type(['authority', 'catalogue', 'apply', CATALOGUE]);
    const { key, keyId, policies } = await desk.typeJson<{ key: string; keyId: string; policies: string }>(['authority', 'issue-host-key', '--organisation', 'example', '--group', 'acme-server']);

    const hostKey = aKey('a host by file');
    const payload = { jti: randomUUID(), iat: toNumericDate(systemClock.nowMs()), keyId, policies: digestOf(policies) };
    writeFileSync(join(dir, 'request.jws'), await signHostActivationRequest({ key: hostKey, payload }));
    const confirm = () => desk.typeJson<HostActivationAnswer>(['authority', 'confirm', '--key', '-', '--request', join(dir, 'request.jws')], { input: key });
    const confirmed = await confirm();
    await certificateFromConfirmation({ policies, hostPublicKey: hostKey.publicJwk, confirmation: confirmed.confirmation, root });

    const before = pidOf(first.run, 'authority');
    killNow(before);
    await eventually(() => expect([before, -1]).not.toContain(pidOf(readRunFile(data), 'authority')), { timeoutMs: RESTART_TIMEOUT_MS });
    expect(await eventually(confirm, { timeoutMs: RESTART_TIMEOUT_MS })).toEqual(confirmed);

    const tree = processTree(first.launcher.pid);
    for (const pid of tree) killNow(pid);
    await eventually(() => expect(tree.filter(isAlive)).toEqual([]), { timeoutMs: RESTART_TIMEOUT_MS });
    const second = await start();
    expect(await confirm()).toEqual(confirmed);
    const { hostKeys } = await desk.typeJson<ActivationKeys>(['authority', 'keys']);
    expect(hostKeys).toMatchObject([{ keyId, hosts: [{ host: hostKey.id, activations: 1 }] }]);

    const spoken = aKey('a host by telephone');
    const code = encodeInstallation({ hostPublicKey: spoken.publicJwk, policiesDigest: digestOf(policies) });
    const said = await desk.type(['authority', 'confirm', '--key', '-', '--code', code], { input: key });
    const heard = decodeConfirmation(readAloud(said).join(' '));
    if (heard.status !== 'read') throw new Error(heard.detail);
    const { claims } = await certificateFromConfirmation({ policies, hostPublicKey: spoken.publicJwk, confirmation: heard.confirmation, root });
    expect(claims.sub).toBe(spoken.id);

    expect(readFileSync(join(data, 'logs', 'authority.log'), 'utf8')).not.toContain(key);
    const left = processTree(second.launcher.pid);
    process.kill(second.launcher.pid, 'SIGTERM');
    expect(await second.launcher.exited).toEqual({ code: 0, signal: null });
    await eventually(() => expect(left.filter(isAlive)).toEqual([]), { timeoutMs: RESTART_TIMEOUT_MS });
  },
  TEST_TIMEOUT_MS,
);
