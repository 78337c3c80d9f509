import type { Clock } from '@muster/kernel';
import type { HostTrust } from '../../access/trusting-fetch.js';
import { remarksOf } from '../../api/readiness.js';
import type { CertificateFacts, HostFacts } from '../facts.js';
import { inspectCertificate } from './inspect-certificate.js';
import type { HostTrusted } from '../../machine/trusted-here.js';
import { proveHost } from './prove-host.js';
import { type HostAnswer, type HostPlace, requestHost, wordsOf } from './request-host.js';
import { READY_MS, SERVICE_MS, type TimeBudget, TRY_MS } from './time-budget.js';

export interface Examination extends HostTrusted {
  readonly budget: TimeBudget;
  readonly clock: Clock;
  readonly trust: HostTrust | undefined;
}

/** A connection was made, or was refused by TLS itself: it is not the way there that fails. */
const isAboutTls = (error: unknown): boolean => {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code === 'EPROTO' || code === 'ECONNRESET' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS');
};

const nothingFrom = (address: string, outcome: 'unreachable' | 'tls-failed', error: unknown): HostFacts => ({
  address,
  connection: { outcome, detail: wordsOf(error) },
  certificate: null,
  proof: { kind: 'skipped', detail: 'it does not answer' },
  readiness: null,
});

const readinessOf = ({ status, body }: HostAnswer): HostFacts['readiness'] => {
  const { remarks, down } = remarksOf(body);
  const ready = status === 200;
  return { ready, remarks, down: ready || down.length > 0 ? down : [`it answered ${status} to /readyz`] };
};

/** Looks at one host: the way there, its certificate, who it is, whether it can serve. @throws OutOfTime, and never for what it finds */
export const examineHost = async (place: HostPlace, { budget, clock, trust, root, revocations }: Examination): Promise<HostFacts> => {
  const { address } = place;
  let certificate: CertificateFacts | null = null;
  const handshakeMs = budget.grant(TRY_MS);
  try {
    if (address.startsWith('https:')) certificate = await inspectCertificate(place, { trust, timeoutMs: handshakeMs });
  } catch (error) {
    return nothingFrom(address, isAboutTls(error) ? 'tls-failed' : 'unreachable', error);
  }
  const [proofMs, readyMs] = [budget.grant(SERVICE_MS), budget.grant(READY_MS)];
  const [proof, answer] = await Promise.all([
    proveHost(place, { root, revocations, clock, timeoutMs: proofMs }),
    requestHost(place, { path: '/readyz', timeoutMs: readyMs }).catch((error: unknown) => ({ error })),
  ]);
  if ('error' in answer) return { ...nothingFrom(address, 'unreachable', answer.error), certificate };
  return { address, connection: { outcome: 'answers', detail: '' }, certificate, proof, readiness: readinessOf(answer) };
};
