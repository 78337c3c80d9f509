import type { CertificateInForce, HostState } from './host.fold.js';
import { hostFold } from './host.fold.js';

interface StoredHost {
  readonly status: HostState['status'];
  readonly host: string;
  readonly inForce: string;
  readonly certificates: readonly CertificateInForce[];
}

/** The state as a JSON value. */
export const storeHost = (host: HostState): StoredHost | null =>
  host.status === 'not-activated' ? null : { status: host.status, host: host.host, inForce: host.certificate.digest, certificates: [...host.certificates.values()] };

/** @throws Error when the value is not a stored state */
export const restoreHost = (stored: StoredHost | null): HostState => {
  if (stored === null || stored.status === 'not-activated') return hostFold.initialState();
  const certificates = new Map(stored.certificates.map((certificate) => [certificate.digest, certificate]));
  const certificate = certificates.get(stored.inForce);
  if (certificate === undefined) throw new Error('the snapshot lacks the certificate in force');
  return { status: stored.status, host: stored.host, certificate, certificates };
};
