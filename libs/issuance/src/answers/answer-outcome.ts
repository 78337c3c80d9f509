import type { ActivationAnswer, ActivationDeferredAnswer, ActivationGrantedAnswer, DomainEvent, EventOf, RecordedEvent, ReleaseAnswer, RenewalAnswer, RenewalDeferredAnswer, RenewalGrantedAnswer } from '@muster/contracts';
import { decodeTrustedBody } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { Problem, SECOND_MS, toInstant, toNumericDate } from '@muster/kernel';
import { signLease, signReceipt } from '@muster/trust';
import type { HostSigner } from '../signing/host-signer.js';
import { refusalDetail } from './refusal-detail.js';

/** What an answer is made from, besides the recorded event. */
export interface AnswerParts {
  readonly host: HostState;
  readonly signer: HostSigner;
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');

type Granted = EventOf<'ActivationGranted' | 'ActivationRenewed'>;
type Deferred = EventOf<'ActivationDeferred' | 'RenewalDeferred'>;

/** What lease and receipt share, all of it recorded, and the key that the ledger says they are to be signed with. */
const decisionClaims = async (recorded: RecordedEvent, { data }: Granted | Deferred, { host, signer }: AnswerParts) => {
  const { kid, basis } = data;
  const { key, certificate, delegation } = await signer.signatureFor({ kid, certificateDigest: basis.certificate, issuedAtMs: recorded.recordedAtMs }, host);
  const claims = {
    iss: certificate.claims.sub,
    sub: data.machine,
    aud: data.product,
    count: data.basis.count,
    threshold: data.basis.threshold,
    position: recorded.position,
    head: base64url(recorded.runningHash),
    ...(delegation === null ? {} : { signer: delegation }),
    chain: [certificate.jws, ...(certificate.intermediate === undefined ? [] : [certificate.intermediate])],
  };
  return { key, claims };
};

/** Durations come first, for whoever's clock is off; the instant that each of them ends at stands beside it. */
const after = (fromMs: number, seconds: number): string => toInstant(fromMs + seconds * SECOND_MS);

const secondsOf = (instant: string): number => Date.parse(instant) / SECOND_MS;

const leaseAnswer = async (recorded: RecordedEvent, event: Granted, parts: AnswerParts): Promise<Omit<ActivationGrantedAnswer, 'outcome'>> => {
  const { leaseId, issuedAt, expiresAt, machine, renewAfterSeconds, renewalWindow, retryAfterSeconds, basis } = event.data;
  const renews = event.type === 'ActivationRenewed' ? { renews: event.data.renewedLease } : {};
  const { key, claims } = await decisionClaims(recorded, event, parts);
  const lease = await signLease({ ...claims, jti: leaseId, iat: secondsOf(issuedAt), exp: secondsOf(expiresAt), cnf: { jkt: machine }, ...renews }, key);
  const { count, threshold } = basis;
  const at = (seconds: number): string => after(Date.parse(issuedAt), seconds);
  const window = { ...renewalWindow, opensAt: at(renewalWindow.opensAfterSeconds), closesAt: at(renewalWindow.closesAfterSeconds) };
  const intervals = { renewAfterSeconds, renewAt: at(renewAfterSeconds), renewalWindow: window, retryAfterSeconds, retryAt: at(retryAfterSeconds) };
  return { leaseId, lease, count, threshold, issuedAt, expiresAt, ...intervals };
};

const grantedAnswer = async (recorded: RecordedEvent, event: EventOf<'ActivationGranted'>, parts: AnswerParts): Promise<ActivationGrantedAnswer> => ({
  outcome: 'granted',
  ...(await leaseAnswer(recorded, event, parts)),
});

const renewedAnswer = async (recorded: RecordedEvent, event: EventOf<'ActivationRenewed'>, parts: AnswerParts): Promise<RenewalGrantedAnswer> => ({
  outcome: 'renewed',
  ...(await leaseAnswer(recorded, event, parts)),
});

const receiptAnswer = async <Outcome extends 'deferred' | 'renewal-deferred'>(recorded: RecordedEvent, event: Deferred, outcome: Outcome, parts: AnswerParts) => {
  if (recorded.requestId === null) throw new Error(`the deferral at position ${recorded.position} has no request id`);
  const { retryAfterSeconds, basis } = event.data;
  const iat = toNumericDate(recorded.recordedAtMs);
  const { key, claims } = await decisionClaims(recorded, event, parts);
  const receipt = await signReceipt({ ...claims, jti: recorded.requestId, iat, outcome }, key);
  return { outcome, count: basis.count, threshold: basis.threshold, retryAfterSeconds, retryAt: after(recorded.recordedAtMs, retryAfterSeconds), receipt };
};

const deferredAnswer = (recorded: RecordedEvent, event: EventOf<'ActivationDeferred'>, parts: AnswerParts): Promise<ActivationDeferredAnswer> =>
  receiptAnswer(recorded, event, 'deferred', parts);

const renewalDeferredAnswer = (recorded: RecordedEvent, event: EventOf<'RenewalDeferred'>, parts: AnswerParts): Promise<RenewalDeferredAnswer> =>
  receiptAnswer(recorded, event, 'renewal-deferred', parts);

const notAnOutcome = (event: DomainEvent, { position }: RecordedEvent): Error => new Error(`${event.type} at position ${position} is not the outcome of such a request`);

/**
 * The answer to an activation, from its recorded outcome alone: the first time and every time it is repeated, byte for byte.
 *
 * @throws Problem the reason of a recorded refusal
 */
export const answerActivation = (recorded: RecordedEvent, parts: AnswerParts): Promise<ActivationAnswer> => {
  const event = decodeTrustedBody(recorded);
  switch (event.type) {
    case 'ActivationGranted':
      return grantedAnswer(recorded, event, parts);
    case 'ActivationDeferred':
      return deferredAnswer(recorded, event, parts);
    case 'ActivationRefused':
      throw new Problem(event.data.reason, refusalDetail(event, parts.host), { extensions: { position: recorded.position } });
    default:
      throw notAnOutcome(event, recorded);
  }
};

/** As {@link answerActivation}, for a renewal: where the lease was another host's, it was decided as an activation. */
export const answerRenewal = (recorded: RecordedEvent, parts: AnswerParts): Promise<RenewalAnswer> => {
  const event = decodeTrustedBody(recorded);
  if (event.type === 'ActivationRenewed') return renewedAnswer(recorded, event, parts);
  if (event.type === 'RenewalDeferred') return renewalDeferredAnswer(recorded, event, parts);
  return answerActivation(recorded, parts);
};

/** As {@link answerActivation}, for a release. */
export const answerRelease = (recorded: RecordedEvent): ReleaseAnswer => {
  const event = decodeTrustedBody(recorded);
  if (event.type !== 'ActivationReleased') throw notAnOutcome(event, recorded);
  return { outcome: 'released', leaseId: event.data.leaseId, releasedAt: toInstant(recorded.recordedAtMs) };
};
