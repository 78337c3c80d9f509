import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { activationGrantedSchema, renewalGrantedSchema } from '@muster/contracts';
import { aFleet, type TestMachine } from '@muster/testing';
import type { SignedWish } from '../fleet/wish.js';
import { SERVER, signRenewal, signWish, WORKSTATION } from '../fleet/wish.js';
import type { Host } from '../host/host.js';
import { startHost } from '../host/host.js';
import { HANG_MS } from '../host/host-api.js';
import { everyMs, openLoop } from './pace.js';

const START_TIMEOUT_MS = 240_000;

/** What one address may send: the defaults of a host that is reached from elsewhere. */
const PER_SECOND = 100;
const BURST = 200;

const FLOODING = '198.51.100.9';
const HOLDERS = 8;
const FLOOD_SECONDS = 4;
/** Several times what is let through, and sent whether or not anything is answered. */
const FLOOD_PER_SECOND = 500;

/** Every look-up lane, full: eight under way and 512 waiting. */
const LANE_MAX = 8 + 512;

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: number | undefined;
  readonly ms: number;
}

/** T13: one address sends without end, while machines elsewhere look after their leases. */
describe('a flood from one address', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-flood-'));
  // Connections without number, as an attacker has; what is to be seen is the host's bound, not the client's.
  const agent = new Agent({ keepAlive: true });
  let host: Host;

  beforeAll(async () => {
    const env = {
      MUSTER_ADDRESS_REQUESTS_PER_SECOND: String(PER_SECOND),
      MUSTER_ADDRESS_REQUESTS_BURST: String(BURST),
      MUSTER_MACHINE_REQUESTS_PER_SECOND: '2',
      MUSTER_MACHINE_REQUESTS_BURST: '20',
      // So that this machine can be many: what it forwards for is taken at its word.
      MUSTER_TRUSTED_PROXIES: '127.0.0.1',
    };
    host = await startHost({ dataDir: join(dir, 'data'), env });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    agent.destroy();
    await host?.end();
    rmSync(dir, { recursive: true, force: true });
  }, START_TIMEOUT_MS);

  const send = ({ path, jws }: Pick<SignedWish, 'path' | 'jws'>, from: string): Promise<Answer> => {
    const startedAtMs = performance.now();
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/jose', 'x-forwarded-for': from };
      const sent = request(`${host.url}${path}`, { method: 'POST', agent, headers, timeout: HANG_MS }, (response) => {
        const retryAfter = response.headers['retry-after'];
        text(response).then((body) => resolve({ status: response.statusCode ?? 0, body, retryAfter: retryAfter === undefined ? undefined : Number(retryAfter), ms: performance.now() - startedAtMs }), reject);
      });
      sent.once('error', reject);
      sent.end(jws);
    });
  };
  const addressOf = (index: number): string => `10.20.${index}.7`;

  /** The gateway's metrics, asked from an address of their own. */
  const metric = async (name: string): Promise<number> => {
    const { text: page } = await host.api.operatorCall('/metrics', { headers: { 'x-forwarded-for': '127.0.0.1' } });
    const line = page.split('\n').find((each) => each.startsWith(`${name} `) || each.startsWith(`${name}{`));
    return Number(line?.slice(line.lastIndexOf(' ') + 1) ?? Number.NaN);
  };

  const leased = async (fleet: readonly TestMachine[]) => {
    for (const [index, machine] of fleet.entries()) await send(await signWish(machine, { product: SERVER }), addressOf(index));
    return Promise.all(
      fleet.map(async (machine, index) => {
        const { leaseId, lease } = activationGrantedSchema.parse(JSON.parse((await send(await signWish(machine, { product: SERVER }), addressOf(index))).body));
        return { machine, held: { product: SERVER, leaseId, lease } };
      }),
    );
  };

  const renewals = async (holders: Awaited<ReturnType<typeof leased>>, over: AbortSignal): Promise<readonly Answer[]> => {
    const answers: Answer[] = [];
    let current = holders;
    await everyMs(1000, over, async () => {
      current = await Promise.all(
        current.map(async ({ machine, held }, index) => {
          const answer = await send(await signRenewal(machine, held), addressOf(index));
          answers.push(answer);
          if (answer.status !== 201) return { machine, held };
          const { leaseId, lease } = renewalGrantedSchema.parse(JSON.parse(answer.body));
          return { machine, held: { product: SERVER, leaseId, lease } };
        }),
      );
    });
    return answers;
  };

  it(
    'is turned away beyond its limit, with a moment to come back at; renewals of others are served, repeats too, and every queue keeps its bound',
    async () => {
      const holders = await leased(aFleet(HOLDERS, 'holders'));
      const wishes = await Promise.all(aFleet(FLOOD_SECONDS * FLOOD_PER_SECOND, 'flood').map((machine) => signWish(machine, { product: WORKSTATION })));

      const over = new AbortController();
      const renewing = renewals(holders, over.signal);
      let waitingMax = 0;
      const watching = everyMs(100, over.signal, async () => {
        waitingMax = Math.max(waitingMax, await metric('muster_repeat_look_ups'));
      });
      const startedAtMs = performance.now();
      const answers = await openLoop(wishes, FLOOD_PER_SECOND, (wish) => send(wish, FLOODING));
      const seconds = (performance.now() - startedAtMs) / 1000;
      over.abort();
      await watching;

      const through = answers.filter(({ status }) => status === 201 || status === 202);
      const turned = answers.filter(({ status }) => status === 429);
      expect(through.length + turned.length).toBe(answers.length);
      expect(through.length).toBeGreaterThanOrEqual(BURST);
      expect(through.length).toBeLessThanOrEqual(BURST + PER_SECOND * seconds + 1);
      const waits = turned.map(({ retryAfter }) => retryAfter ?? 0);
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(1);
      expect(Math.max(...waits)).toBeLessThanOrEqual(8);
      expect(new Set(waits).size).toBeGreaterThan(2); // not all at one moment
      expect(waitingMax).toBeLessThanOrEqual(LANE_MAX);

      const renewed = await renewing;
      expect(renewed.length).toBeGreaterThanOrEqual(HOLDERS * 2);
      expect(renewed.map(({ status }) => status).filter((status) => status !== 201)).toEqual([]);
      expect(Math.max(...renewed.map(({ ms }) => ms))).toBeLessThan(3000);

      // All that was recorded, once more and at once, from the same address, which has nothing left: none of it is limited, and none is decided anew.
      const recorded = answers.flatMap((answer, index) => (answer.status === 429 ? [] : [{ answer, wish: wishes[index] as SignedWish }]));
      const again = await Promise.all(recorded.slice(0, BURST).map(({ wish }) => send(wish, FLOODING)));
      expect(again.map(({ status, body }) => [status, body])).toEqual(recorded.slice(0, BURST).map(({ answer: { status, body } }) => [status, body]));
      expect(await metric('muster_repeat_look_ups')).toBe(0);
    },
    START_TIMEOUT_MS,
  );

  it('of one machine is no different, whatever addresses it comes from', async () => {
    const [machine] = aFleet(1, 'restless') as readonly [TestMachine];
    const wishes = await Promise.all(Array.from({ length: 40 }, () => signWish(machine, { product: WORKSTATION })));
    const answers = await Promise.all(wishes.map((wish, index) => send(wish, addressOf(100 + index))));
    const turned = answers.filter(({ status }) => status === 429);
    expect(turned.length).toBeGreaterThanOrEqual(15);
    expect(JSON.parse(turned[0]?.body ?? '{}')).toMatchObject({ code: 'rate-limited', detail: 'The machine asks more often than one may.' });
    const first = answers.findIndex(({ status }) => status !== 429);
    expect((await send(wishes[first] as SignedWish, addressOf(200))).body).toBe(answers[first]?.body);
  });

  it('of tokens is turned away before any of them is looked up', async () => {
    const ask = () => host.api.call('/v1/pools', { headers: { authorization: `Bearer ${crypto.randomUUID()}`, 'x-forwarded-for': '203.0.113.50' } });
    const statuses = (await Promise.all(Array.from({ length: 2 * BURST }, ask))).map(({ status }) => status);
    // Off this machine and without TLS: nobody is told whether the token was good, and few are told anything.
    expect(new Set(statuses)).toEqual(new Set([403, 429]));
    expect((await host.api.call('/livez', { headers: { 'x-forwarded-for': '203.0.113.50' } })).status).toBe(200);
  });
});
