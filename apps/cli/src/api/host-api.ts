import type { ActivationAnswer, CountAnswer, EventsPage, HostDescription, HostStatistics, PoolsAnswer, ReplayProgress, ReplayReport, TimeStepAnswer } from '@muster/contracts';
import { activationAnswerSchema, eventsPageSchema, hostDescriptionSchema, hostStatisticsSchema, poolsAnswerSchema, timeStepAnswerSchema } from '@muster/contracts';
import type { Caller } from './caller.js';
import { type CalledAs, callerOf } from './caller.js';
import type { ReadinessAnswer } from './readiness.js';
import { readReadiness } from './readiness.js';
import { replayLines } from './replay-lines.js';

/** A request for events; as the query of `GET /v1/events`. */
export interface EventsQuery {
  readonly after: number;
  readonly limit: number;
  readonly type?: string;
  readonly machine?: string;
}

export type { ActivationAnswer, CountAnswer, PoolsAnswer };

/** A host over HTTP. Every call rejects with `CliFailure`: `unreachable`, or what the host's problem stands for. */
export interface HostApi {
  readonly url: string;
  describe(): Promise<HostDescription>;
  pools(): Promise<PoolsAnswer>;
  /** Totals of all requests on record, and where the gateway listens. */
  statistics(): Promise<HostStatistics>;
  events(query: EventsQuery): Promise<EventsPage>;
  /** Progress, then the report. */
  replay(): AsyncIterable<ReplayProgress | ReplayReport>;
  /** Lets the ledger go on at the host's time, however far behind it is. */
  acceptTimeStep(): Promise<TimeStepAnswer>;
  /** @param jws a machine's signed request */
  activate(jws: string): Promise<ActivationAnswer>;
  /** Of the gateway. */
  readiness(): Promise<ReadinessAnswer>;
}

/** A look-up answers within the gateway's own 3 s or says that a part is away. */
const READ_TIMEOUT_MS = 10_000;

const queryOf = (query: EventsQuery): string => new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)] as [string, string])).toString();

const apiOf = (caller: Caller, { trust }: CalledAs): HostApi => ({
  url: caller.url,
  describe: () => caller.json({ path: '/v1/host', schema: hostDescriptionSchema, timeoutMs: READ_TIMEOUT_MS }),
  pools: () => caller.json({ path: '/v1/pools', schema: poolsAnswerSchema, timeoutMs: READ_TIMEOUT_MS }),
  statistics: () => caller.json({ path: '/v1/statistics', schema: hostStatisticsSchema, timeoutMs: READ_TIMEOUT_MS }),
  events: (query) => caller.json({ path: `/v1/events?${queryOf(query)}`, schema: eventsPageSchema, timeoutMs: READ_TIMEOUT_MS }),
  replay: () => replayLines(caller),
  acceptTimeStep: () => caller.json({ path: '/v1/time-steps', schema: timeStepAnswerSchema, timeoutMs: READ_TIMEOUT_MS, request: { method: 'POST' } }),
  activate: (jws) =>
    caller.json({
      path: '/v1/activations',
      schema: activationAnswerSchema,
      timeoutMs: READ_TIMEOUT_MS,
      open: true,
      request: { method: 'POST', headers: { 'content-type': 'application/jose' }, body: jws },
    }),
  readiness: () => readReadiness(caller.url, trust),
});

export const hostApi = (access: CalledAs): HostApi => apiOf(callerOf(access), access);
