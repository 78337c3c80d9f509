import type { ConfirmProxy, InstallationAnswer, InstallationConfirmations, RecordedEvent, RequestProxy } from '@muster/contracts';
import { decodeBody } from '@muster/contracts';
import type { HostState, ObtainedLease, ProxyRequest, ProxyRequests } from '@muster/domain';
import { applyProxyEvent, copyOfProxyRequests, decideProxyConfirmation, decideProxyRequest, findProduct } from '@muster/domain';
import type { CommandIdentity, DecidedRound, Decision, EventStore, Follower, LookedUp, WriteRound } from '@muster/event-store';
import { asNewEvents, refuse } from '@muster/issuance';
import { HOUR_SECONDS, Problem } from '@muster/kernel';

/** What this writer is told to do: keep a machine's request, or hand the answer to one back. */
export type ProxyCommand = { readonly type: 'request'; readonly request: RequestProxy } | { readonly type: 'confirm'; readonly lease: ObtainedLease; readonly actor: ConfirmProxy['actor'] };

export type ProxyConfirmation = InstallationConfirmations['confirmations'][number];
export type ProxyAnswer = { readonly type: 'request'; readonly answer: InstallationAnswer } | { readonly type: 'confirm'; readonly answer: ProxyConfirmation };

/** How long each state may take to reach the head that a round was read at. */
const CATCH_UP_MS_MAX = 1000;

/** For a product whose policy is not there to ask: what administrators know from KMS. */
const RETRY_DEFAULT_SECONDS = 2 * HOUR_SECONDS;

export interface DecideProxiesParts {
  readonly store: Pick<EventStore, 'readAt'>;
  readonly hosts: Follower<HostState>;
  readonly requests: Follower<ProxyRequests>;
}

/** A confirmation needs no id: the request that it answers is answered once. */
export const identifyProxy = (command: ProxyCommand): CommandIdentity | null => {
  if (command.type === 'confirm') return null;
  const { machine, requestId, requestDigest } = command.request;
  return { machine, requestId, contentDigest: requestDigest };
};

const retryAfterIn = (host: HostState, product: string): number =>
  host.status === 'not-activated' ? RETRY_DEFAULT_SECONDS : (findProduct(host.certificate.claims, product)?.retryAfterSeconds ?? RETRY_DEFAULT_SECONDS);

interface Round {
  readonly ledger: string;
  readonly host: HostState;
  readonly store: DecideProxiesParts['store'];
  readonly requests: ProxyRequests;
}

const answerTo = async ({ requestDigest, position, product, confirmed }: Pick<ProxyRequest, 'requestDigest' | 'position' | 'product' | 'confirmed'>, { ledger, host, store }: Round): Promise<ProxyAnswer> => {
  if (confirmed === null) return { type: 'request', answer: { outcome: 'waiting', requestDigest, position, retryAfterSeconds: retryAfterIn(host, product) } };
  const [recorded] = await store.readAt(ledger, [confirmed.position]);
  const event = decodeBody(recorded as RecordedEvent);
  if (event.type !== 'ProxyActivationConfirmed') throw new Error(`position ${confirmed.position} holds no confirmation`);
  const { leaseId, lease } = event.data;
  return { type: 'request', answer: { outcome: 'confirmed', requestDigest, position: confirmed.position, leaseId, lease } };
};

const decideRequest = ({ command, known }: { readonly command: RequestProxy; readonly known: LookedUp<ProxyCommand>['known'] }, round: Round): Decision<ProxyAnswer> => {
  const { machine, product, requestId, requestDigest, hostname, address } = command;
  const decision = decideProxyRequest(command, { host: round.host, requests: round.requests, usedBefore: known !== null });
  switch (decision.status) {
    case 'rejected':
      return refuse(decision);
    case 'known':
      return { kind: 'answer', answer: () => answerTo(decision.request, round) };
    case 'recorded':
      return {
        kind: 'record',
        events: asNewEvents([decision.event], { actor: `machine:${machine}`, requestId }),
        outcomeIndex: 0,
        ...(hostname === null ? {} : { personal: { machine, requestId, hostname, address } }),
        answer: ([recorded]) => answerTo({ requestDigest, product, position: (recorded as RecordedEvent).position, confirmed: null }, round),
      };
    default:
      return decision satisfies never;
  }
};

const decideConfirmation = ({ lease, actor }: Extract<ProxyCommand, { readonly type: 'confirm' }>, { requests }: Round): Decision<ProxyAnswer> => {
  const { machine, product, leaseId } = lease;
  const decision = decideProxyConfirmation(lease, requests);
  switch (decision.status) {
    case 'not-requested':
      return { kind: 'answer', answer: () => ({ type: 'confirm', answer: { outcome: 'not-requested', machine, product, detail: decision.detail } }) };
    case 'known':
      return { kind: 'answer', answer: () => ({ type: 'confirm', answer: { outcome: 'known', machine, product, leaseId, position: decision.request.confirmed?.position ?? decision.request.position } }) };
    case 'recorded':
      return {
        kind: 'record',
        events: asNewEvents([decision.event], { actor, requestId: null }),
        outcomeIndex: 0,
        answer: ([recorded]) => ({ type: 'confirm', answer: { outcome: 'confirmed', machine, product, leaseId, position: (recorded as RecordedEvent).position } }),
      };
    default:
      return decision satisfies never;
  }
};

/** Decides requests and confirmations as of the round's head, each resting on those before it in the round. */
export const decideProxies =
  ({ store, hosts, requests }: DecideProxiesParts) =>
  async ({ ledger, head, nowMs, commands }: WriteRound<ProxyCommand>): Promise<DecidedRound<ProxyAnswer>> => {
    if (!(await requests.catchUpTo(head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', 'The installation requests cannot be read.');
    if (!(await hosts.catchUpTo(head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', 'The state of the host cannot be read.');
    if (hosts.position !== head.position || requests.position !== head.position) return { status: 'moved' };
    const round: Round = { ledger, host: hosts.state, store, requests: copyOfProxyRequests(requests.state) };
    let { position } = head;
    const decisions = commands.map(({ command, known }) => {
      const decision = command.type === 'request' ? decideRequest({ command: command.request, known }, round) : decideConfirmation(command, round);
      if (decision.kind === 'record') for (const { event } of decision.events) applyProxyEvent(round.requests, event, { position: (position += 1), recordedAtMs: nowMs });
      return decision;
    });
    return { status: 'decided', decisions };
  };
