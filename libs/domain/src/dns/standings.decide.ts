import type { DomainEvent, EndpointFacts, SilenceCause } from '@muster/contracts';
import { SECOND_MS, toInstant } from '@muster/kernel';
import type { DnsDomainPolicy, DnsTiming } from './dns.policy.js';
import type { DnsState, Endpoint, HeardStanding } from './dns.state.js';
import { applyDnsEvent } from './endpoints.fold.js';
import { sameFacts } from './facts.js';
import { isLastSomewhere } from './last-listed.rule.js';

/** What a registrar heard of an endpoint, on its own monotonic clock. */
export interface Hearing {
  readonly lastHeardMs: number;
  /** Of the instance that started last: two behind one address that differ must not take turns in the ledger. */
  readonly facts: EndpointFacts;
  readonly instances: ReadonlyMap<string, { readonly heardMs: number; readonly stopping: boolean }>;
}

export interface StandingsContext {
  readonly state: DnsState;
  readonly heard: ReadonlyMap<string, Hearing>;
  /** Since when this registrar hears everything: its start, or the moment that it came back to the bus. */
  readonly startedMs: number;
  readonly monotonicMs: number;
  readonly nowMs: number;
  readonly timing: DnsTiming;
  readonly domains: readonly DnsDomainPolicy[];
  readonly serving: boolean;
}

type Context = Omit<StandingsContext, 'heard'>;

const isSpeaking = ({ instances }: Hearing, { monotonicMs, timing }: Context): boolean =>
  [...instances.values()].some(({ heardMs, stopping }) => !stopping && monotonicMs - heardMs < timing.silentAfterSeconds * SECOND_MS);

/** Whether all that lived lately said that they stop; one that died long before has no say. */
const saidStopping = ({ instances, lastHeardMs }: Hearing, { timing }: Context): boolean => {
  const lately = [...instances.values()].filter(({ heardMs }) => lastHeardMs - heardMs < timing.silentAfterSeconds * SECOND_MS);
  return lately.length > 0 && lately.every(({ stopping }) => stopping);
};

const whenSpeaking = ({ facts }: Hearing, known: Endpoint | undefined): readonly DomainEvent[] => {
  const announced: DomainEvent = { type: 'EndpointAnnounced', data: facts };
  if (known === undefined || !sameFacts(known.facts, facts)) return [announced];
  const { standing } = known;
  if (standing.status === 'silent') return [{ type: 'EndpointHeardAgain', data: { endpoint: facts.endpoint } }];
  return standing.status === 'withdrawn' && standing.cause !== 'command' ? [announced] : [];
};

/** How much longer this registrar waits with its word on an endpoint that another one heard while it heard nothing: two would contradict each other for ever. */
const DOUBT = 10;

/** Whether another registrar heard it when this one had listened in vain for long enough. An administrator's word says nothing of beats. */
const isHeardByOthers = ({ sinceMs, byOrder = false }: HeardStanding, lastHeardAtMs: number, { timing }: Context): boolean =>
  !byOrder && sinceMs > lastHeardAtMs + timing.silentAfterSeconds * SECOND_MS;

/** Silence counts once we listened for long enough: a registrar that just started heard nobody yet. */
const whenHeardBefore = ({ facts: { endpoint } }: Endpoint, standing: HeardStanding, hearing: Hearing | undefined, context: Context): readonly DomainEvent[] => {
  const { startedMs, monotonicMs, nowMs, timing } = context;
  const atMs = (heardMs: number): number => nowMs - (monotonicMs - heardMs);
  const fellSilent = (cause: SilenceCause, sinceMs: number): readonly DomainEvent[] => [{ type: 'EndpointFellSilent', data: { endpoint, cause, since: toInstant(sinceMs) } }];
  const stopped = hearing !== undefined && saidStopping(hearing, context);
  // It stopped before somebody heard it again: that is no word on what it does now.
  if (stopped && atMs(hearing.lastHeardMs) >= standing.sinceMs) return fellSilent('stopped', atMs(hearing.lastHeardMs));
  const lastHeardAtMs = atMs(Math.max(hearing?.lastHeardMs ?? startedMs, startedMs));
  const patienceMs = timing.silentAfterSeconds * SECOND_MS;
  const isDoubtful = isHeardByOthers(standing, lastHeardAtMs, context);
  const sinceMs = isDoubtful ? standing.sinceMs : lastHeardAtMs;
  return nowMs - sinceMs >= (isDoubtful ? DOUBT : 1) * patienceMs ? fellSilent(stopped ? 'stopped' : 'unheard', sinceMs) : [];
};

interface SilentEndpoint {
  readonly endpoint: string;
  readonly cause: SilenceCause;
  readonly sinceMs: number;
}

/** Long enough silent. The last one of a name stays, and behind all that come after it, whatever the cause was. */
const whenSilent = ({ endpoint, cause, sinceMs }: SilentEndpoint, { state, timing, nowMs, domains }: Context): readonly DomainEvent[] => {
  const patienceSeconds = cause === 'stopped' ? timing.stoppedGraceSeconds : timing.withdrawAfterSeconds;
  if (nowMs - sinceMs < patienceSeconds * SECOND_MS) return [];
  if (!isLastSomewhere(endpoint, { state, domains })) return [{ type: 'EndpointWithdrawn', data: { endpoint, cause } }];
  return cause === 'stopped' ? [{ type: 'EndpointFellSilent', data: { endpoint, cause: 'unheard', since: toInstant(sinceMs) } }] : [];
};

const silentOnes = ({ endpoints }: DnsState): readonly SilentEndpoint[] =>
  [...endpoints.values()]
    .flatMap(({ facts: { endpoint }, standing }) => (standing.status === 'silent' ? [{ endpoint, cause: standing.cause, sinceMs: standing.sinceMs }] : []))
    .sort((one, other) => one.sinceMs - other.sinceMs || (one.endpoint < other.endpoint ? -1 : 1));

/** What the beats, and their absence, are to change in the ledger. Nothing while the host serves nobody: nothing is listed then. */
export const decideStandings = ({ heard, ...context }: StandingsContext): readonly DomainEvent[] => {
  if (!context.serving) return [];
  const { startedMs, monotonicMs, nowMs, timing } = context;
  const state: DnsState = { ...context.state, endpoints: new Map(context.state.endpoints) };
  const decided: DomainEvent[] = [];
  // Each decision sees the ones before it: of two that may go, one would be the last.
  const decide = (events: readonly DomainEvent[]): void => {
    for (const event of events) applyDnsEvent(state, { event, position: 0, recordedAtMs: nowMs });
    decided.push(...events);
  };
  const speaking = new Set([...heard].filter(([, hearing]) => isSpeaking(hearing, context)).map(([endpoint]) => endpoint));
  for (const [endpoint, hearing] of heard) if (speaking.has(endpoint)) decide(whenSpeaking(hearing, state.endpoints.get(endpoint)));
  for (const [id, endpoint] of context.state.endpoints) {
    if (endpoint.standing.status === 'heard' && !speaking.has(id)) decide(whenHeardBefore(endpoint, endpoint.standing, heard.get(id), context));
  }
  const listenedLongEnough = monotonicMs - startedMs >= timing.silentAfterSeconds * SECOND_MS;
  if (listenedLongEnough) for (const silent of silentOnes(state)) if (!speaking.has(silent.endpoint)) decide(whenSilent(silent, { ...context, state }));
  return decided;
};
