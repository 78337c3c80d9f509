import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ClockControl } from '@muster/devstack';
import { openClockControl } from '@muster/devstack';
import { DAY_SECONDS } from '@muster/kernel';
import { eventually, seededDraws } from '@muster/testing';
import { readPublicKeyFile, signingKeyFile } from '@muster/trust';
import type { Host } from '../host/host.js';
import { startHost } from '../host/host.js';
import { decisionOf } from '../host/host-api.js';
import type { Acknowledged } from '../ledger/audit-answers.js';
import { assertAcknowledgedRecorded } from '../ledger/audit-answers.js';
import { assertGapless, assertTimeForward, factOf, outcomesByRequest } from '../ledger/audit-ledger.js';
import type { SteadyLoad } from '../load/steady-load.js';
import { startLoad } from '../load/steady-load.js';
import { typeMuster } from '../muster/launch-muster.js';

const TEST_TIMEOUT_MS = 240_000;

/** A key may sign five minutes after it was announced; a request is fresh for as long, so the clock goes on in steps that no request in flight notices. */
const ANNOUNCED_STEP_SECONDS = 61;
const ANNOUNCED_STEPS = 5;
const STEP_PAUSE_MS = 400;

const CLIENTS = 6;
/** Enough for both replicas of each service to have signed. */
const ANSWERS = 60;

const dir = mkdtempSync(join(tmpdir(), 'muster-rotate-key-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const partOf = (jws: string, index: 0 | 1): Record<string, unknown> => JSON.parse(Buffer.from(jws.split('.')[index] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;

const tokenOf = ({ answer }: Acknowledged): string => ('lease' in answer ? answer.lease : answer.receipt);

const signerOf = (one: Acknowledged): string => String(partOf(tokenOf(one), 0)['kid']);

const publishedKeys = async ({ api }: Host): Promise<readonly string[]> => {
  const { keys } = JSON.parse((await api.call('/.well-known/jwks.json')).text) as { readonly keys: readonly { readonly kid: string }[] };
  return keys.map(({ kid }) => kid);
};

const signingKey = async ({ api }: Host): Promise<string> => String((await api.describe()).signingKey);

/** `muster host rotate-key`, with the time that it waits for passing meanwhile; answers the key that signs afterwards. */
const rotate = async (host: Host, clock: ClockControl, ...options: readonly string[]): Promise<string> => {
  const typed = typeMuster(['--json', 'host', 'rotate-key', '--data', host.dataDir, ...options]);
  let ended = false;
  void typed.finally(() => (ended = true));
  await eventually(async () => expect(ended || (await host.api.describe()).announcedKeys.length > 0).toBe(true));
  for (let step = 0; step < ANNOUNCED_STEPS && !options.includes('--compromised'); step += 1) {
    clock.advance(ANNOUNCED_STEP_SECONDS);
    await pause(STEP_PAUSE_MS); // requests that were signed before the step are answered
  }
  const { code, stdout, stderr } = await typed;
  if (code !== 0) throw new Error(`${code}: ${stdout}${stderr}`);
  return (JSON.parse(stdout) as { readonly kid: string }).kid;
};

const untilAnswers = async (load: SteadyLoad, more: number): Promise<void> => {
  const answered = (): number => load.answered('activations') + load.answered('leases');
  const target = answered() + more;
  await Promise.race([load.wrong, eventually(() => expect(answered()).toBeGreaterThanOrEqual(target), { timeoutMs: 60_000 })]);
};

const again = async ({ api }: Host, { wish }: Acknowledged): Promise<Acknowledged> => ({ wish, answer: decisionOf(await api.post(wish)) });

it(
  'a key is changed under load, by two replicas of each service, without a restart, an outcome lost or a repeat that differs',
  async () => {
    const options = { dataDir: join(dir, 'data'), controlledClock: true, replicas: 'activation=2,lease-renewal=2' };
    let host = await startHost(options);
    try {
      const clock = openClockControl(host.clockFile);
      const keysDirectory = join(host.dataDir, 'vendor', 'keys');
      const root = await readPublicKeyFile(join(host.dataDir, 'vendor', 'vendor-root.public.json'));
      const hostKey = await signingKey(host);
      const first = await rotate(host, clock);
      expect([await signingKey(host), await publishedKeys(host)]).toEqual([first, [hostKey, first]]);

      const load = startLoad({ api: host.api, clients: CLIENTS, draws: seededDraws('rotate-key'), clock });
      await untilAnswers(load, ANSWERS);
      const second = await rotate(host, clock);
      await untilAnswers(load, ANSWERS);
      const { acknowledged, failures, repeated } = await load.stop();
      // On a busy machine a process may sleep through two steps of the clock: it then takes its own for wrong, says so, and is asked again.
      expect(failures.filter(({ what }) => what !== '503 clock-skew')).toEqual([]);
      expect(repeated).toBeGreaterThan(0);
      expect(new Set(acknowledged.map(signerOf))).toEqual(new Set([first, second]));

      const { events, head } = await host.api.ledger();
      assertGapless(events, head);
      assertTimeForward(events);
      await assertAcknowledgedRecorded(acknowledged, { outcomes: outcomesByRequest(events), root, nowMs: clock.nowMs() });
      const changes = events.flatMap((event) => (factOf(event).type === 'SigningKeyChanged' ? [event.position] : []));
      expect(changes).toHaveLength(2);
      for (const one of acknowledged) expect(signerOf(one)).toBe(Number(partOf(tokenOf(one), 1)['position']) < (changes[1] ?? 0) ? first : second);

      const byFirst = acknowledged.find((one) => signerOf(one) === first && 'lease' in one.answer) as Acknowledged;
      // Each may reach another replica.
      for (let times = 0; times < 4; times += 1) expect(await again(host, byFirst)).toEqual(byFirst);
      await host.kill();
      host = await startHost(options);
      for (let times = 0; times < 4; times += 1) expect(await again(host, byFirst)).toEqual(byFirst);
      expect(existsSync(signingKeyFile(keysDirectory, first))).toBe(true);

      // Past the retry period the private key is gone, its public half is not, and the outcome is the same.
      clock.advance(DAY_SECONDS);
      await eventually(() => expect(readdirSync(keysDirectory)).toEqual([`${second}.private.json`]));
      const later = await again(host, byFirst);
      expect(signerOf(later)).toBe(second);
      expect({ ...later.answer, lease: '' }).toEqual({ ...byFirst.answer, lease: '' });
      expect(await publishedKeys(host)).toEqual([hostKey, first, second]);

      // A key that got out signs nothing more, and what it signed is signed anew.
      const third = await rotate(host, clock, '--compromised');
      expect([await signingKey(host), readdirSync(keysDirectory), await publishedKeys(host)]).toEqual([third, [`${third}.private.json`], [hostKey, first, third]]);
      const bySecond = acknowledged.find((one) => signerOf(one) === second) as Acknowledged;
      expect([signerOf(await again(host, bySecond)), signerOf(await again(host, byFirst))]).toEqual([third, third]);
      await assertAcknowledgedRecorded([await again(host, byFirst), await again(host, bySecond)], { outcomes: outcomesByRequest(events), root, nowMs: clock.nowMs() });
      expect((await host.api.replay()).equal).toBe(true);
    } finally {
      await host.end();
    }
  },
  TEST_TIMEOUT_MS,
);
