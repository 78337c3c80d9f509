import { setTimeout as delay } from 'node:timers/promises';
import type { Draws } from '@muster/kernel';
import type { TestMachine } from '@muster/testing';
import { aMachine } from '@muster/testing';
import type { SignedWish } from '../fleet/wish.js';
import { SERVER, signWish, WORKSTATION } from '../fleet/wish.js';
import type { Answer, HostApi } from '../host/host-api.js';
import { activationOf, HANG_MS, problemOf } from '../host/host-api.js';
import type { Acknowledged } from '../ledger/audit-answers.js';

/** What a machine that asks does not say of itself by itself: a fleet is no benchmark, and the parts that start again need the cores too. */
const PAUSE_MS = 15;
/** More impatient than a client that heeds Retry-After: what holds under this holds for them. */
const RETRY_MS_MAX = 200;
/** Of the requests: sent by a machine that asked before; an acknowledged one sent again; for a server; by a virtual machine. */
const SHARE = { knownMachine: 0.4, repeat: 0.1, server: 0.25, virtual: 0.15 };

/** An answer that told the client to come back, or none. */
export interface Failure {
  readonly atMs: number;
  readonly tookMs: number;
  /** `503` with its kind, or how the connection failed. */
  readonly what: string;
}

export interface LoadReport {
  readonly acknowledged: readonly Acknowledged[];
  readonly failures: readonly Failure[];
  /** Acknowledged requests that were sent again and got the same bytes. */
  readonly repeated: number;
}

export interface SteadyLoad {
  /** Decisions acknowledged so far. */
  acknowledged(): number;
  /** When the last first acknowledgement came of a request that was sent after this moment; undefined while there is none. */
  firstAcknowledgedSince(atMs: number): number | undefined;
  failuresSince(atMs: number): readonly Failure[];
  /** Rejects as soon as an answer is wrong, as opposed to unavailable. */
  readonly wrong: Promise<never>;
  /** Lets every request come to its end, and tells what came. */
  stop(): Promise<LoadReport>;
}

export interface LoadOptions {
  readonly api: HostApi;
  readonly clients: number;
  readonly draws: Draws;
}

type Attempt = { readonly kind: 'answered'; readonly answer: Answer } | { readonly kind: 'failed'; readonly what: string; readonly retryMs: number };

/** @throws Error for any answer that is neither a decision nor a 503 that says when to come back */
const attempt = async (api: HostApi, jws: string): Promise<Attempt> => {
  let answer: Answer;
  try {
    answer = await api.postRequest(jws);
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') throw new Error(`a request hung for ${HANG_MS} ms`, { cause: error });
    return { kind: 'failed', what: error instanceof Error ? error.message : String(error), retryMs: RETRY_MS_MAX };
  }
  if (answer.status !== 503) return { kind: 'answered', answer };
  const retryAfterSeconds = Number(answer.headers.get('retry-after'));
  if (!(retryAfterSeconds > 0)) throw new Error(`a 503 without Retry-After: ${answer.text}`);
  return { kind: 'failed', what: `503 ${problemOf(answer).code}`, retryMs: Math.min(retryAfterSeconds * 1000, RETRY_MS_MAX) };
};

/** Machines that ask at a steady pace, each client one request at a time, and keep asking under the same id until they are answered. */
export const startLoad = ({ api, clients, draws }: LoadOptions): SteadyLoad => {
  const machines: TestMachine[] = [];
  const acknowledged: Acknowledged[] = [];
  const acknowledgedAt: { readonly sentMs: number; readonly atMs: number }[] = [];
  const failures: Failure[] = [];
  let repeated = 0;
  let stopping = false;

  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(draws.unit() * from.length)];

  const someMachine = (): TestMachine => {
    const known = draws.unit() < SHARE.knownMachine ? pick(machines) : undefined;
    if (known !== undefined) return known;
    const machine = aMachine(`load-${draws.uuid()}`);
    machines.push(machine);
    return machine;
  };

  /** Sends until it is answered. */
  const untilAnswered = async ({ jws }: SignedWish): Promise<Answer> => {
    for (;;) {
      const sentMs = performance.now();
      const result = await attempt(api, jws);
      const atMs = performance.now();
      if (result.kind === 'answered') {
        acknowledgedAt.push({ sentMs, atMs });
        return result.answer;
      }
      failures.push({ atMs, tookMs: atMs - sentMs, what: result.what });
      await delay(result.retryMs);
    }
  };

  const askNew = async (): Promise<void> => {
    const machine = someMachine();
    const wish = await signWish(machine, { product: draws.unit() < SHARE.server ? SERVER : WORKSTATION, virtual: draws.unit() < SHARE.virtual });
    acknowledged.push({ wish, answer: activationOf(await untilAnswered(wish)) });
  };

  const askAgain = async ({ wish, answer }: Acknowledged): Promise<void> => {
    const again = activationOf(await untilAnswered(wish));
    if (JSON.stringify(again) !== JSON.stringify(answer)) throw new Error(`request ${wish.jti} was answered ${JSON.stringify(answer)}, then ${JSON.stringify(again)}`);
    repeated += 1;
  };

  const runClient = async (): Promise<void> => {
    while (!stopping) {
      const earlier = draws.unit() < SHARE.repeat ? pick(acknowledged) : undefined;
      await (earlier === undefined ? askNew() : askAgain(earlier));
      await delay(PAUSE_MS);
    }
  };

  const running = Promise.all(Array.from({ length: clients }, runClient));
  const wrong = new Promise<never>((_, reject) => void running.catch(reject));
  wrong.catch(() => undefined); // told by `stop` too, for whoever does not listen here
  return {
    wrong,
    acknowledged: () => acknowledged.length,
    firstAcknowledgedSince: (atMs) => acknowledgedAt.find(({ sentMs }) => sentMs >= atMs)?.atMs,
    failuresSince: (atMs) => failures.filter((failure) => failure.atMs >= atMs),
    stop: async () => {
      stopping = true;
      await running;
      return { acknowledged, failures, repeated };
    },
  };
};
