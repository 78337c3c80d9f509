import type { HostDescription } from '@muster/contracts';
import type { HostState, InstalledHostKey } from '@muster/domain';
import { announcedKeys, publishedKeys } from '@muster/domain';

const installedKey = ({ keyId, keyEnding, policiesDigest }: InstalledHostKey) => ({ keyId, keyEnding, policiesDigest });

/** What `GET /v1/host` says of a host whose ledger ends at `head`. */
export const describeHost = (host: HostState, { ledger, head, nowMs }: { readonly ledger: string; readonly head: number; readonly nowMs: number }): HostDescription => {
  const { installed, revocations } = host;
  const known = { ledger, head, hostKey: installed === null ? null : installedKey(installed), revocationSequence: revocations?.sequence ?? 0 };
  if (host.status === 'not-activated') return { status: host.status, ...known, host: null, certificate: null, certificateDigest: null, claims: null, signingKey: null, announcedKeys: [], keys: [] };
  const { certificate } = host;
  return {
    status: host.status,
    ...known,
    host: host.host,
    certificate: certificate.jws,
    certificateDigest: certificate.digest,
    claims: certificate.claims,
    signingKey: host.keys.signing,
    announcedKeys: announcedKeys(host).map(({ kid }) => kid),
    keys: publishedKeys(host, nowMs).map(({ kid, x }) => ({ kid, x })),
  };
};
