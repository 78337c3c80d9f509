import type { DomainEvent, HostRetired } from '@muster/contracts';
import type { Rejection } from '../activation/screen-request.rule.js';
import { reject } from '../activation/screen-request.rule.js';
import type { ActivatedHost, CertificateInForce, HostState, InstalledHostKey, Revocations } from './host.fold.js';

/** An administrator's act on the host: one fact, or none where it was done before. */
export type HostActDecision = Rejection | { readonly status: 'recorded'; readonly event: DomainEvent } | { readonly status: 'known' };

const record = (event: DomainEvent): HostActDecision => ({ status: 'recorded', event });

const KNOWN: HostActDecision = { status: 'known' };

/** The vendor's policies for a host key, whose signature was verified. Another key takes the place of the one before. */
export const decideInstallKey = (key: InstalledHostKey, host: HostState): HostActDecision =>
  host.installed?.keyId === key.keyId && host.installed.policiesDigest === key.policiesDigest ? KNOWN : record({ type: 'HostKeyInstalled', data: { ...key } });

const activation = ({ jws, digest, claims, intermediate }: CertificateInForce): DomainEvent => ({
  type: 'HostActivated',
  data: { host: claims.sub, certificate: jws, certificateDigest: digest, claims, ...(intermediate === undefined ? {} : { intermediate }) },
});

/** Issued before the one in force, for the same host key: its terms were replaced by the vendor's later ones. */
const isOlder = ({ claims }: CertificateInForce, { certificate: { claims: inForce } }: ActivatedHost): boolean => claims.sub === inForce.sub && claims.iat < inForce.iat;

/**
 * The certificate that a process was started with takes effect, unless it ever did or a later one has: a restart records nothing, brings no retired host back,
 * and gives no host its earlier thresholds again.
 */
export const decideCertificateAtStart = (certificate: CertificateInForce, host: HostState): HostActDecision =>
  host.status !== 'not-activated' && (host.certificates.has(certificate.digest) || isOlder(certificate, host)) ? KNOWN : record(activation(certificate));

/** A confirmation that an administrator brings: its certificate was rebuilt from the installed policies and verified. */
export const decideConfirmation = (certificate: CertificateInForce, host: HostState): HostActDecision => {
  if (host.status === 'not-activated') return record(activation(certificate));
  if (host.status === 'active' && host.certificate.digest === certificate.digest) return KNOWN;
  if (host.certificates.has(certificate.digest)) {
    return reject('confirmation-not-valid', host.status === 'retired' ? 'The host was retired after this confirmation. Activate it anew.' : 'A later certificate took the place of this one.');
  }
  if (isOlder(certificate, host)) return reject('confirmation-not-valid', 'The certificate in force is a later one.');
  return record(activation(certificate));
};

export const decideRetireHost = (reason: HostRetired['reason'], { status, host }: ActivatedHost): HostActDecision => (status === 'retired' ? KNOWN : record({ type: 'HostRetired', data: { host, reason } }));

/** How a list stands beside the one that is installed, as the vendor's signatures have it. */
export type RevocationsStanding = 'newer' | 'same' | 'older' | 'signer-revoked' | 'another-vendor';

/** The vendor's list, whose signature was verified. Only a newer one takes the place of the one in force: an old list would give back what was taken. */
export const decideInstallRevocations = (list: Revocations, { revocations }: HostState, standing: RevocationsStanding): HostActDecision => {
  switch (standing) {
    case 'newer':
      return record({ type: 'RevocationListInstalled', data: { ...list, certificates: [...list.certificates], keys: [...list.keys] } });
    case 'same':
      return KNOWN;
    case 'older':
      return reject('revocations-not-valid', `The list has sequence ${list.sequence}, and ${revocations?.sequence ?? 0} is installed.`);
    case 'signer-revoked':
      return reject('revocations-not-valid', 'The list was signed by an intermediate that the installed one revokes. Ask the vendor for the list that is signed anew.');
    case 'another-vendor':
      return reject('revocations-not-valid', "The list is another vendor's than the installed one.");
  }
};
