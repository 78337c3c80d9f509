import type { EventOf, HostActivationRefusalReason } from '@muster/contracts';
import { DAY_SECONDS, MINUTE_SECONDS, toNumericDate } from '@muster/kernel';
import type { Rejection } from '../activation/screen-request.rule.js';
import type { AuthorityDecision } from './authority.decision.js';
import { keyUnknown, record, refuse, rejected } from './authority.decision.js';
import type { AuthorityState, HostKey } from './authority.fold.js';
import { askedBy } from './authority.fold.js';

type Issued = EventOf<'HostCertificateIssued'>['data'];

/** A host asks for a certificate with its organisation's key. */
export type ActivateHost = Pick<Issued, 'keyId' | 'host' | 'hostKey' | 'way'>;

export interface HostActivationContext {
  readonly nowMs: number;
  /** The policies of this key in force, as the vendor signs them. */
  readonly policies: string;
  /** Seconds since the epoch at which whoever signs may not sign any more; null where the root signs itself. */
  readonly signerEndsAt: number | null;
  /** The certificate's name follows from the key and the serial. */
  readonly certificateIdOf: (keyId: string, serial: number) => string;
}

/** Serials are spelt with 24 bits in a confirmation. */
const SERIAL_MAX = 0xff_ffff;

const refusalOf = (key: HostKey, host: string, { revocations }: AuthorityState): HostActivationRefusalReason | undefined => {
  if (key.revoked) return 'key-revoked';
  if (revocations.keys.includes(host)) return 'host-revoked';
  const use = key.hosts.get(host);
  if (use === undefined) return key.hosts.size < key.hostsMax ? undefined : 'hosts-exhausted';
  return use.activations < key.activationsPerHostMax ? undefined : 'activations-exhausted';
};

/** A certificate begins with a whole minute and lasts whole days, as the catalogue says, but never longer than its signer may sign. */
const datesOf = (certificateDays: number, { nowMs, signerEndsAt }: HostActivationContext): Pick<Issued, 'issuedAt' | 'validDays'> => {
  const now = toNumericDate(nowMs);
  const issuedAt = now - (now % MINUTE_SECONDS);
  const daysLeft = signerEndsAt === null ? certificateDays : Math.floor((signerEndsAt - issuedAt) / DAY_SECONDS);
  return { issuedAt, validDays: Math.min(certificateDays, daysLeft) };
};

const refusalDetail = (reason: HostActivationRefusalReason, { keyEnding, hostsMax, activationsPerHostMax }: HostKey): string => {
  const ask = `Ask the vendor for an exception and name the key by its ending, ${keyEnding}; once the limit is raised, send the same request again.`;
  switch (reason) {
    case 'hosts-exhausted':
      return `This key has activated ${hostsMax} hosts, as many as it may. ${ask} A host that was activated before and got its key pair back needs no exception.`;
    case 'activations-exhausted':
      return `This key has activated this host ${activationsPerHostMax} times, as often as it may. ${ask}`;
    case 'key-revoked':
      return `The vendor revoked this key, which ends in ${keyEnding}. Ask the vendor for another one.`;
    case 'host-revoked':
      return "The vendor revoked this host's key pair. Retire the host, make a new key pair, and ask again.";
    default:
      return reason satisfies never;
  }
};

/** Why a host was refused, and how its administrator asks for an exception. */
export const hostRefusal = (reason: HostActivationRefusalReason, key: HostKey): Rejection =>
  rejected(reason, refusalDetail(reason, key), { keyEnding: key.keyEnding, hostsMax: key.hostsMax, activationsPerHostMax: key.activationsPerHostMax });

/** Decides the activation of a host whose request is new to the ledger: at most so many hosts a key, and so many activations a host. */
export const decideHostActivation = ({ keyId, host, hostKey, way }: ActivateHost, state: AuthorityState, context: HostActivationContext): AuthorityDecision => {
  const key = state.hostKeys.get(keyId);
  if (key === undefined || state.catalogue === null) return keyUnknown();
  const reason = refusalOf(key, host, state);
  if (reason !== undefined) return state.refused.get(askedBy({ keyId, host })) === reason ? hostRefusal(reason, key) : refuse({ type: 'HostActivationRefused', data: { keyId, host, reason, way } });
  const dates = datesOf(state.catalogue.catalogue.certificateDays, context);
  const serial = key.lastSerial + 1;
  if (dates.validDays < 1 || serial > SERIAL_MAX) return rejected('unavailable', "The authority's intermediate certificate is at its end: the vendor has to make a new one.");
  return record({
    type: 'HostCertificateIssued',
    data: {
      ...{ keyId, host, hostKey, way, serial, ...dates },
      certificateId: context.certificateIdOf(keyId, serial),
      policies: context.policies,
      activation: (key.hosts.get(host)?.activations ?? 0) + 1,
    },
  });
};
