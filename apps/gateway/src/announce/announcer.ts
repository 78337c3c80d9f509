import type { EndpointBeat, EndpointFacts } from '@muster/contracts';
import { BEAT_SECONDS } from '@muster/contracts';
import type { Draws } from '@muster/kernel';
import { MINUTE_SECONDS, SECOND_MS } from '@muster/kernel';
import type { TargetCheck } from './check-target.js';

/** A name that is right seldom stops being so; one that is not is being mended by somebody who waits. */
const RECHECK_MS = 10 * MINUTE_SECONDS * SECOND_MS;
const RETRY_MS = MINUTE_SECONDS * SECOND_MS;

/** How soon after it may be announced a gateway is: a new host waits for nothing else. */
const LOOK_MS = SECOND_MS;

/** By how much a beat is early or late at most, as a share: so that gateways that were started together do not beat together. */
const JITTER = 0.2;

export type Announced = { readonly status: 'announced'; readonly facts: EndpointFacts; /** What could not be checked again. */ readonly doubt: string | null } | { readonly status: 'not-announced'; readonly why: string };

export interface AnnouncerParts {
  /** The first one whose name is right is announced. */
  readonly endpoints: readonly EndpointFacts[];
  readonly check: (endpoint: EndpointFacts) => Promise<TargetCheck>;
  readonly isReady: () => Promise<boolean>;
  /** False when it was dropped. */
  readonly send: (beat: EndpointBeat) => boolean;
  /** Told of each change. */
  readonly say: (announced: Announced) => void;
  readonly draws: Draws;
  /** When this process started. */
  readonly startedMs: number;
  /** Resolves after the time, or once the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Announcer {
  announced(): Announced;
  /** Says once more that it stops, if it ever said that it is there. */
  stop(): Promise<void>;
}

const TIME_DIGITS = 12;
/** Of a UUID: its fourteenth digit says how it is made. */
const AFTER_VERSION = 15;

/** A UUID of version 7 (RFC 9562): of two behind one address the one that started last is the greater. */
export const instanceOf = (startedMs: number, uuid: string): string => {
  const time = Math.trunc(startedMs).toString(16).padStart(TIME_DIGITS, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${uuid.slice(AFTER_VERSION)}`;
};

const NOT_CHECKED: Announced = { status: 'not-announced', why: 'its name was not looked up yet' };

/** Says on the bus where the gateway is reached, again and again while that is so and it is ready. */
export const startAnnouncer = ({ endpoints, check, isReady, send, say, draws, startedMs, pause }: AnnouncerParts): Announcer => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const instance = instanceOf(startedMs, draws.uuid());
  let announced: Announced = NOT_CHECKED;
  let lastSent: EndpointFacts | undefined;

  const judge = async (): Promise<Announced> => {
    const doubts: string[] = [];
    for (const facts of endpoints) {
      const verdict = await check(facts);
      if (verdict.status === 'right') return { status: 'announced', facts, doubt: null };
      // What was right an hour ago is no less so because a resolver is away.
      if (verdict.status === 'unanswered' && announced.status === 'announced' && announced.facts === facts) return { ...announced, doubt: verdict.why };
      doubts.push(verdict.why);
    }
    return { status: 'not-announced', why: doubts.join('; ') };
  };

  const checking = async (): Promise<void> => {
    while (!signal.aborted) {
      const next = await judge();
      if (signal.aborted) return;
      const changed = JSON.stringify(next) !== JSON.stringify(announced);
      announced = next;
      if (changed) say(next);
      await pause(next.status === 'announced' && next.doubt === null ? RECHECK_MS : RETRY_MS, signal);
    }
  };

  const beat = async (): Promise<boolean> => {
    if (announced.status !== 'announced' || !(await isReady()) || signal.aborted) return false;
    const { facts } = announced;
    if (!send({ ...facts, instance, stopping: false })) return false;
    lastSent = facts;
    return true;
  };

  const beating = async (): Promise<void> => {
    while (!signal.aborted) await pause((await beat()) ? BEAT_SECONDS * SECOND_MS * (1 - JITTER + 2 * JITTER * draws.unit()) : LOOK_MS, signal);
  };

  void checking();
  const beats = beating();
  return {
    announced: () => announced,
    stop: async () => {
      stopping.abort();
      await beats;
      if (lastSent !== undefined) send({ ...lastSent, instance, stopping: true });
    },
  };
};
