import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Draws } from '@muster/kernel';
import { systemClock, toNumericDate } from '@muster/kernel';
import type { TestMachine } from '@muster/testing';
import { aMachine } from '@muster/testing';
import type { Held, SignedRequest, SignedWish } from '../fleet/wish.js';
import { SERVER, signRelease, signRenewal, signWish, WORKSTATION } from '../fleet/wish.js';
import type { HostApi } from '../host/host-api.js';
import { activationOf, decisionOf, releaseOf } from '../host/host-api.js';
import type { Acknowledged, AcknowledgedRelease } from '../ledger/audit-answers.js';
import type { Failure } from './until-answered.js';
import { untilAnswered } from './until-answered.js';

/** What a machine that asks does not say of itself by itself: a fleet is no benchmark, and the parts that start again need the cores too. */
const PAUSE_MS = 15;
/** Of the requests: sent by a machine that asked before; an acknowledged one sent again; for a server; by a virtual machine; to give a lease back. */
const SHARE = { knownMachine: 0.4, repeat: 0.1, server: 0.25, virtual: 0.15, release: 0.1 };
/** Machines that look after their leases, each with one request at a time. */
const HOLDERS = 12;

/** Who decides it: first requests, or those about a lease that is held. */
export type Work = 'activations' | 'leases';

export interface LoadReport {
  readonly acknowledged: readonly Acknowledged[];
  readonly releases: readonly AcknowledgedRelease[];
  readonly failures: readonly Failure[];
  /** Acknowledged requests that were sent again and got the same bytes. */
  readonly repeated: number;
}

export interface SteadyLoad {
  /** Answers so far, repeats among them. */
  answered(work: Work): number;
  /** When the first answer came to a request that was sent after this moment; undefined while there is none. */
  firstAnsweredSince(atMs: number, work: Work): number | undefined;
  failuresSince(atMs: number): readonly Failure[];
  /** Rejects as soon as an answer is wrong, as opposed to unavailable. */
  readonly wrong: Promise<never>;
  /** Lets every request come to its end, and tells what came. */
  stop(): Promise<LoadReport>;
}

export interface LoadOptions {
  readonly api: HostApi;
  /** Half of them ask for leases, half look after those that they hold. */
  readonly clients: number;
  readonly draws: Draws;
  /** That of the host, where somebody moves it. */
  readonly clock?: Clock;
}

interface Holder {
  readonly machine: TestMachine;
  readonly product: string;
  readonly held?: Held;
}

/** Machines that ask at a steady pace, each client one request at a time, and keep asking under the same id until they are answered. */
export const startLoad = ({ api, clients, draws, clock = systemClock }: LoadOptions): SteadyLoad => {
  const machines: TestMachine[] = [];
  const acknowledged: Readonly<Record<Work, Acknowledged[]>> = { activations: [], leases: [] };
  const releases: AcknowledgedRelease[] = [];
  const answeredAt: { readonly work: Work; readonly sentMs: number; readonly atMs: number }[] = [];
  const failures: Failure[] = [];
  const holders: Holder[] = Array.from({ length: HOLDERS }, () => ({ machine: aMachine(`holder-${draws.uuid()}`), product: draws.unit() < SHARE.server ? SERVER : WORKSTATION }));
  let repeated = 0;
  let stopping = false;

  const indexIn = (from: readonly unknown[]): number => Math.floor(draws.unit() * from.length);

  const someMachine = (): TestMachine => {
    const known = draws.unit() < SHARE.knownMachine ? machines[indexIn(machines)] : undefined;
    if (known !== undefined) return known;
    const machine = aMachine(`load-${draws.uuid()}`);
    machines.push(machine);
    return machine;
  };

  const ask = async (request: SignedRequest) => {
    const { answer, ...times } = await untilAnswered(api, request, (failure) => void failures.push(failure));
    answeredAt.push({ work: request.path === '/v1/activations' ? 'activations' : 'leases', ...times });
    return answer;
  };

  const activate = async (wish: SignedWish) => {
    const answer = activationOf(await ask(wish));
    acknowledged.activations.push({ wish, answer });
    return answer;
  };

  const renew = async (wish: SignedWish) => {
    const answer = decisionOf(await ask(wish));
    acknowledged.leases.push({ wish, answer });
    return answer;
  };

  const release = async (request: SignedRequest): Promise<void> => void releases.push({ request, answer: releaseOf(await ask(request)) });

  const askNew = async (): Promise<void> => {
    const wish = { product: draws.unit() < SHARE.server ? SERVER : WORKSTATION, virtual: draws.unit() < SHARE.virtual };
    await activate(await signWish(someMachine(), wish, { iat: toNumericDate(clock.nowMs()) }));
  };

  /** What comes next in the life of its lease; answers the holder as it is then. */
  const liveOn = async ({ machine, product, held }: Holder): Promise<Holder> => {
    if (held !== undefined && draws.unit() < SHARE.release) {
      await release(await signRelease(machine, held, clock));
      return { machine, product };
    }
    const answer = held === undefined ? await activate(await signWish(machine, { product }, { iat: toNumericDate(clock.nowMs()) })) : await renew(await signRenewal(machine, held, clock));
    if ('lease' in answer) return { machine, product, held: { product, leaseId: answer.leaseId, lease: answer.lease } };
    return { machine, product, ...(held === undefined ? {} : { held }) };
  };

  const liveOnOne = async (): Promise<void> => {
    const [holder] = holders.splice(indexIn(holders), 1); // nobody else asks for it meanwhile
    if (holder !== undefined) holders.push(await liveOn(holder));
  };

  const askAgain = async ({ wish, answer }: Acknowledged): Promise<void> => {
    const again = decisionOf(await ask(wish));
    if (JSON.stringify(again) !== JSON.stringify(answer)) throw new Error(`request ${wish.jti} was answered ${JSON.stringify(answer)}, then ${JSON.stringify(again)}`);
    repeated += 1;
  };

  const runClient = async (work: Work): Promise<void> => {
    while (!stopping) {
      const earlier = draws.unit() < SHARE.repeat ? acknowledged[work][indexIn(acknowledged[work])] : undefined;
      await (earlier !== undefined ? askAgain(earlier) : work === 'activations' ? askNew() : liveOnOne());
      await delay(PAUSE_MS);
    }
  };

  const running = Promise.all(Array.from({ length: clients }, (_, index) => runClient(index % 2 === 0 ? 'activations' : 'leases')));
  const wrong = new Promise<never>((_, reject) => void running.catch(reject));
  wrong.catch(() => undefined); // told by `stop` too, for whoever does not listen here
  return {
    wrong,
    answered: (work) => answeredAt.filter((one) => one.work === work).length,
    firstAnsweredSince: (atMs, work) => answeredAt.find((one) => one.work === work && one.sentMs >= atMs)?.atMs,
    failuresSince: (atMs) => failures.filter((failure) => failure.atMs >= atMs),
    stop: async () => {
      stopping = true;
      await running;
      return { acknowledged: [...acknowledged.activations, ...acknowledged.leases], releases, failures, repeated };
    },
  };
};
