import type { ActivationAnswer, CloudEvent, CountAnswer, HostDescription, PoolsAnswer, ProblemDocument, ReleaseAnswer, RenewalAnswer, ReplayReport } from '@muster/contracts';
import {
  activationAnswerSchema,
  countAnswerSchema,
  EVENTS_PAGE_MAX,
  eventsPageSchema,
  hostDescriptionSchema,
  poolsAnswerSchema,
  problemDocumentSchema,
  releaseAnswerSchema,
  renewalAnswerSchema,
  replayReportSchema,
} from '@muster/contracts';
import type { SignedRequest } from '../fleet/wish.js';

/** Nothing that a host does may take longer; a request that does is a hang. */
export const HANG_MS = 20_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly timeoutMs?: number;
}

/** A host's HTTP API as a client sees it: answers are read with the published schemas, and anything else throws. */
export interface HostApi {
  readonly url: string;
  /** Without a token and without an opinion. */
  call(path: string, call?: Call): Promise<Answer>;
  /** As the operator. */
  operatorCall(path: string, call?: Call): Promise<Answer>;
  postRequest(jws: string | Uint8Array, timeoutMs?: number): Promise<Answer>;
  /** Sends a signed request to its own path. */
  post(request: Pick<SignedRequest, 'path' | 'jws'>): Promise<Answer>;
  /** Sends a request that must be answered with 201 or 202. */
  activate(jws: string): Promise<ActivationAnswer>;
  describe(): Promise<HostDescription>;
  pools(): Promise<PoolsAnswer>;
  count(pool: string, asOf?: string | number): Promise<CountAnswer>;
  /** The whole ledger, in order, page by page. */
  ledger(): Promise<{ readonly events: readonly CloudEvent[]; readonly head: number }>;
  head(): Promise<number>;
  replay(): Promise<ReplayReport>;
}

export const jsonOf = ({ status, text }: Answer): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${status} without JSON: ${text.slice(0, 500)}`, { cause: error });
  }
};

/** @throws Error when the answer is not a problem document as RFC 9457 has it */
export const problemOf = (answer: Answer): ProblemDocument => {
  const type = answer.headers.get('content-type');
  if (type !== 'application/problem+json') throw new Error(`${answer.status} is not a problem document but ${type}: ${answer.text.slice(0, 500)}`);
  const problem = problemDocumentSchema.parse(jsonOf(answer));
  if (problem.status !== answer.status) throw new Error(`the document of a ${answer.status} says ${problem.status}`);
  return problem;
};

const expectStatus = (answer: Answer, ...expected: readonly number[]): unknown => {
  if (!expected.includes(answer.status)) throw new Error(`${answer.status} instead of ${expected.join(' or ')}: ${answer.text.slice(0, 500)}`);
  return jsonOf(answer);
};

/** @throws Error when the answer is anything but a lease or a receipt, new or again, each with its own status and headers */
export const decisionOf = (answer: Answer): RenewalAnswer => {
  const decision = renewalAnswerSchema.parse(expectStatus(answer, 201, 202));
  if ('lease' in decision !== (answer.status === 201)) throw new Error(`${answer.status} for ${decision.outcome}`);
  if ('receipt' in decision && answer.headers.get('retry-after') !== String(decision.retryAfterSeconds)) {
    throw new Error(`Retry-After is ${answer.headers.get('retry-after')}, the body says ${decision.retryAfterSeconds}`);
  }
  return decision;
};

/** The same of an activation. */
export const activationOf = (answer: Answer): ActivationAnswer => activationAnswerSchema.parse(decisionOf(answer));

export const releaseOf = (answer: Answer): ReleaseAnswer => releaseAnswerSchema.parse(expectStatus(answer, 200));

export const hostApi = ({ url, token }: { readonly url: string; readonly token: string }): HostApi => {
  const call = async (path: string, { method = 'GET', headers = {}, body, timeoutMs = HANG_MS }: Call = {}): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, { method, headers, signal: AbortSignal.timeout(timeoutMs), ...(body === undefined ? {} : { body }) });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const operatorCall = (path: string, options: Call = {}) => call(path, { ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } });
  const postTo = (path: string, jws: string | Uint8Array, timeoutMs = HANG_MS) => call(path, { method: 'POST', headers: { 'content-type': 'application/jose' }, body: jws, timeoutMs });
  const postRequest = (jws: string | Uint8Array, timeoutMs?: number) => postTo('/v1/activations', jws, timeoutMs);
  const eventsAfter = async (after: number, limit: number) => eventsPageSchema.parse(expectStatus(await operatorCall(`/v1/events?after=${after}&limit=${limit}`), 200));
  return {
    url,
    call,
    operatorCall,
    postRequest,
    post: ({ path, jws }) => postTo(path, jws),
    activate: async (jws) => activationOf(await postRequest(jws)),
    describe: async () => hostDescriptionSchema.parse(expectStatus(await call('/v1/host'), 200)),
    pools: async () => poolsAnswerSchema.parse(expectStatus(await operatorCall('/v1/pools'), 200)),
    count: async (pool, asOf) =>
      countAnswerSchema.parse(expectStatus(await operatorCall(`/v1/pools/${pool}/count${asOf === undefined ? '' : `?asOf=${encodeURIComponent(asOf)}`}`), 200)),
    ledger: async () => {
      const events: CloudEvent[] = [];
      for (;;) {
        const page = await eventsAfter(events.at(-1)?.position ?? 0, EVENTS_PAGE_MAX);
        events.push(...page.events);
        if (page.events.length < EVENTS_PAGE_MAX && page.next === undefined) return { events, head: page.head };
      }
    },
    head: async () => (await eventsAfter(0, 1)).head,
    replay: async () => {
      const answer = await operatorCall('/v1/replays', { method: 'POST' });
      if (answer.status !== 200) throw new Error(`${answer.status} instead of 200: ${answer.text}`);
      return replayReportSchema.parse(JSON.parse(answer.text.trim().split('\n').at(-1) ?? ''));
    },
  };
};
