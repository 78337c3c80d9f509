import type {
  AnnounceSigningKey,
  ChangeSigningKey,
  ConfirmHostActivation,
  HostConfirmedAnswer,
  HostKeyInstalledAnswer,
  HostRetiredAnswer,
  InstallHostKey,
  InstallRevocations,
  RetireHost,
  RevocationsInstalledAnswer,
  SigningKeyAnnouncedAnswer,
  SigningKeyChangedAnswer,
} from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { decideAnnounceKey, decideChangeKey, decideConfirmation, decideInstallKey, decideInstallRevocations, decideRetireHost, usableAtMs } from '@muster/domain';
import type { HostCredentials, SigningKeys } from '@muster/issuance';
import type { ProblemKind } from '@muster/kernel';
import { Problem, SECOND_MS, toInstant } from '@muster/kernel';
import type { ServiceClock } from '@muster/service';
import type { PublicJwk } from '@muster/trust';
import { certificateFromConfirmation, certificateStandingAt, compareRevocationLists, isRevoked, isTokenRefused, verifyHostPolicies, verifyRevocationList, verifySigningKey } from '@muster/trust';
import type { HostAct } from '../wiring/record-host-act.js';

/** What the acts are verified with. */
export interface HostActTools {
  readonly credentials: Pick<HostCredentials, 'root' | 'key'>;
  readonly keys: SigningKeys;
  readonly clock: ServiceClock;
}

const believed = async <T>(verified: Promise<T>, kind: ProblemKind, what: string): Promise<T> => {
  try {
    return await verified;
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
    throw new Problem(kind, `${what} is not believed: ${error.detail}.`, { cause: error });
  }
};

/** What the vendor took back is not acted on, however well it is signed. */
const refuseRevoked = ({ revocations }: HostState, rests: { readonly certificate?: string; readonly keys: readonly string[] }): void => {
  const isOnIt = revocations !== null && isRevoked({ certificates: [...revocations.certificates], keys: [...revocations.keys] }, rests);
  if (isOnIt) throw new Problem('host-revoked', 'The vendor revoked the certificate that it makes, the host key that it is for, or the intermediate that signed it.');
};

export const installKey = ({ keyId, keyEnding, policies, actor }: InstallHostKey, { credentials: { root } }: HostActTools): HostAct<HostKeyInstalledAnswer> => ({
  actor,
  decide: async (host) => {
    const { claims, digest, keys } = await believed(verifyHostPolicies(policies, { root, atMs: 'any-time' }), 'policies-not-valid', 'The policies file');
    refuseRevoked(host, { keys });
    if (claims.keyId !== keyId) throw new Problem('policies-not-valid', 'The policies file was made for another host key.');
    const { organisation, coversGroup } = claims;
    return {
      decision: decideInstallKey({ keyId, keyEnding, policies, policiesDigest: digest }, host),
      answer: (place) => ({ ...place, keyId, keyEnding, policiesDigest: digest, organisation, coversGroup }),
    };
  },
});

const rebuild = async ({ confirmation }: ConfirmHostActivation, host: HostState, { root, key }: HostActTools['credentials']) => {
  if (host.installed === null) throw new Problem('host-key-missing', 'Install the host key first: the certificate is rebuilt from the policies that came with it.');
  const { policies } = host.installed;
  const { keys } = await believed(verifyHostPolicies(policies, { root, atMs: 'any-time' }), 'policies-not-valid', 'The installed policies file');
  refuseRevoked(host, { keys });
  return believed(certificateFromConfirmation({ policies, hostPublicKey: key.publicJwk, confirmation, root }), 'confirmation-not-valid', 'The confirmation');
};

export const confirm = (order: ConfirmHostActivation, { credentials, clock }: HostActTools): HostAct<HostConfirmedAnswer> => ({
  actor: order.actor,
  decide: async (host, nowMs) => {
    const certificate = await rebuild(order, host, credentials);
    const { claims, digest } = certificate;
    const standing = certificateStandingAt(claims, nowMs);
    const endsAt = toInstant(claims.exp * SECOND_MS);
    if (standing === 'expired') throw new Problem('confirmation-not-valid', `The certificate that it makes ended at ${endsAt}. Activate the host anew.`);
    if (standing === 'not-yet-valid') throw new Problem('confirmation-not-valid', `The certificate that it makes begins at ${toInstant(claims.nbf * SECOND_MS)}: is this host's clock right?`);
    refuseRevoked(host, { certificate: claims.jti, keys: [claims.sub] });
    if (clock.controlled && claims.environment === 'production') throw new Problem('clock-skew', 'A certificate for production, and this service has a controlled clock.');
    return { decision: decideConfirmation(certificate, host), answer: (place) => ({ ...place, host: claims.sub, certificateDigest: digest, expiresAt: endsAt }) };
  },
});

export const retire = ({ reason, actor }: RetireHost): HostAct<HostRetiredAnswer> => ({
  actor,
  decide: (host) => {
    if (host.status === 'not-activated') throw new Problem('host-not-activated', 'The host was never activated, so there is nothing to retire.');
    return Promise.resolve({ decision: decideRetireHost(reason, host), answer: (place) => ({ ...place, host: host.host }) });
  },
});

export const announceKey = ({ delegation, actor }: AnnounceSigningKey, { credentials: { key: hostKey } }: HostActTools): HostAct<SigningKeyAnnouncedAnswer> => ({
  actor,
  decide: async (host, nowMs) => {
    const { iss, sub: kid, cnf } = await believed(verifySigningKey(delegation, { hostPublicKey: hostKey.publicJwk }), 'signing-key-not-usable', "The host key's word for the key");
    const known = host.status === 'not-activated' ? undefined : host.keys.known.get(kid);
    return {
      decision: decideAnnounceKey({ kid, x: cnf.jwk.x, delegation, host: iss }, host, nowMs),
      answer: (place) => ({ ...place, kid, usableAt: toInstant(usableAtMs(known?.announcedAtMs ?? nowMs)) }),
    };
  },
});

export const changeKey = ({ kid, reason, actor }: ChangeSigningKey, { keys }: HostActTools): HostAct<SigningKeyChangedAnswer> => ({
  actor,
  decide: async (host, nowMs) => {
    // Whoever cannot sign with it must not say that it signs.
    if ((await keys.find(kid)) === undefined) throw new Problem('signing-key-not-usable', 'The activation service does not find the private half of the key in its directory.');
    return { decision: decideChangeKey({ kid, reason }, host, nowMs), answer: (place) => ({ ...place, kid }) };
  },
});

/** The list that is in force, read again from the vendor's own words. */
const installedList = async ({ revocations }: HostState, root: PublicJwk) =>
  revocations === null ? undefined : (await believed(verifyRevocationList(revocations.list, { root }), 'revocations-not-valid', 'The list in the ledger')).claims;

export const installRevocations = ({ list, actor }: InstallRevocations, { credentials: { root } }: HostActTools): HostAct<RevocationsInstalledAnswer> => ({
  actor,
  decide: async (host) => {
    const verified = await believed(verifyRevocationList(list, { root }), 'revocations-not-valid', 'The revocation list');
    const { sequence, certificates, keys } = verified.claims;
    const standing = compareRevocationLists(verified, await installedList(host, root));
    return {
      decision: decideInstallRevocations({ sequence, list, certificates: new Set(certificates), keys: new Set(keys) }, host, standing),
      answer: (place) => ({ ...place, sequence }),
    };
  },
});
