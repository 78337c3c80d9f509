import type { HostDescription } from '@muster/contracts';
import type { HostState } from '@muster/domain';

/** What `GET /v1/host` says of a host whose ledger ends at `head`. */
export const describeHost = (host: HostState, { ledger, head }: { readonly ledger: string; readonly head: number }): HostDescription => {
  if (host.status === 'not-activated') return { status: host.status, host: null, ledger, head, certificate: null, certificateDigest: null, claims: null, keys: [] };
  const keys = new Map([...host.certificates.values()].map(({ claims }) => [claims.sub, claims.cnf.jwk.x]));
  return {
    status: host.status,
    host: host.host,
    ledger,
    head,
    certificate: host.certificate.jws,
    certificateDigest: host.certificate.digest,
    claims: host.certificate.claims,
    keys: [...keys].map(([kid, x]) => ({ kid, x })),
  };
};
