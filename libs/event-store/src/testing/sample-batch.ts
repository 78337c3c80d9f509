import { createHash } from 'node:crypto';
import type { Actor, DomainEvent } from '@muster/contracts';
import { toInstant } from '@muster/kernel';
import type { AppendBatch, Head, NewEvent } from '../event-store.port.js';

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** A machine's id from any seed. */
export const machineOf = (seed: string | number): string => digest(`machine ${seed}`);

/** A UUID (version 4 in form) from any seed. */
export const requestIdOf = (seed: string | number): string => {
  const hex = createHash('sha256').update(`request ${seed}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

export interface SampleRequest {
  readonly machine: string;
  readonly requestId: string;
  readonly virtual?: boolean;
  readonly hostname?: string;
}

export const hostRetired: DomainEvent = { type: 'HostRetired', data: { host: digest('host'), reason: 'decommissioned' } };

export const timeStepAccepted = (fromMs: number, toMs: number): DomainEvent => ({ type: 'TimeStepAccepted', data: { from: toInstant(fromMs), to: toInstant(toMs) } });

export const machineRetired = (machine: string): DomainEvent => ({ type: 'MachineRetired', data: { machine, reason: 'lost' } });

/** A request and its deferral, as the activation service records them. */
export const requestAndDeferral = (request: SampleRequest, head: number, nowMs: number): readonly NewEvent[] => {
  const { machine, requestId, virtual = false } = request;
  const subject = { machine, product: 'acme.workstation', pool: 'acme', virtual };
  const actor: Actor = `machine:${machine}`;
  const basis = { head, now: toInstant(nowMs), rulesVersion: 1, certificate: digest('certificate'), count: 3, threshold: 25, draws: { spread: 0.5 } };
  return [
    {
      event: { type: 'ActivationRequested', data: { ...subject, requestIssuedAt: Math.floor(nowMs / 1000), citedLease: null, contentDigest: digest(requestId) } },
      actor,
      requestId,
      causedByPrevious: false,
    },
    { event: { type: 'ActivationDeferred', data: { ...subject, kid: digest('key'), retryAfterSeconds: 7200, basis } }, actor, requestId, causedByPrevious: true },
  ];
};

export interface SampleBatch {
  readonly ledger: string;
  readonly head: Head;
  readonly nowMs: number;
  readonly requests?: readonly SampleRequest[];
  readonly events?: readonly DomainEvent[];
}

/** A well-formed batch on a head: whole requests first, then other events by an operator. */
export const sampleBatch = ({ ledger, head, nowMs, requests = [], events = [] }: SampleBatch): AppendBatch => ({
  ledger,
  expectedHead: head,
  recordedAtMs: Math.max(head.recordedAtMs, nowMs),
  nowMs,
  events: [
    ...requests.flatMap((request) => requestAndDeferral(request, head.position, nowMs)),
    ...events.map((event) => ({ event, actor: 'operator:test', requestId: null, causedByPrevious: false })),
  ],
  requests: requests.map(({ machine, requestId }, index) => ({ machine, requestId, contentDigest: digest(requestId), outcomeIndex: index * 2 + 1 })),
  personal: requests.flatMap(({ machine, requestId, hostname }) => (hostname === undefined ? [] : [{ machine, requestId, hostname, address: '192.0.2.7' }])),
});
