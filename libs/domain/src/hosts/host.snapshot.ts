import type { CertificateInForce, HostState, InstalledHostKey } from './host.fold.js';
import { hostFold } from './host.fold.js';
import type { HostSigningKey } from './signing-keys.fold.js';

interface StoredHost {
  readonly status: HostState['status'];
  readonly installed: InstalledHostKey | null;
  readonly revocations: { readonly sequence: number; readonly list: string; readonly certificates: readonly string[]; readonly keys: readonly string[] } | null;
  readonly activation: {
    readonly host: string;
    readonly inForce: string;
    readonly certificates: readonly CertificateInForce[];
    readonly signing: string;
    readonly keys: readonly HostSigningKey[];
  } | null;
}

/** The state as a JSON value. */
export const storeHost = (host: HostState): StoredHost => ({
  status: host.status,
  installed: host.installed,
  revocations: host.revocations === null ? null : { ...host.revocations, certificates: [...host.revocations.certificates], keys: [...host.revocations.keys] },
  activation:
    host.status === 'not-activated'
      ? null
      : { host: host.host, inForce: host.certificate.digest, certificates: [...host.certificates.values()], signing: host.keys.signing, keys: [...host.keys.known.values()] },
});

/** @throws Error when the value is not a stored state */
export const restoreHost = (stored: StoredHost): HostState => {
  const { status, installed, activation } = stored;
  const revocations = stored.revocations === null ? null : { ...stored.revocations, certificates: new Set(stored.revocations.certificates), keys: new Set(stored.revocations.keys) };
  if (status === 'not-activated' || activation === null) return { ...hostFold.initialState(), installed, revocations };
  const certificates = new Map(activation.certificates.map((certificate) => [certificate.digest, certificate]));
  const certificate = certificates.get(activation.inForce);
  if (certificate === undefined) throw new Error('the snapshot lacks the certificate in force');
  const keys = { signing: activation.signing, known: new Map(activation.keys.map((key) => [key.kid, key])) };
  return { status, installed, revocations, host: activation.host, certificate, certificates, keys };
};
