import { DnsFailure, type DnsFailureKind } from '../dns-failure.js';
import { RCODE, rcodeName } from '../message/codes.js';
import type { Prerequisite } from '../update/prerequisite.js';
import type { Answer } from './exchange.js';

interface Meaning {
  readonly kind: DnsFailureKind;
  readonly detail: string;
}

const MEANINGS: Readonly<Partial<Record<number, Meaning>>> = {
  [RCODE.FORMERR]: { kind: 'not-understood', detail: 'the server could not read the request' },
  [RCODE.SERVFAIL]: { kind: 'server-failed', detail: 'the server could not do it; its log says why' },
  [RCODE.NOTIMP]: { kind: 'not-understood', detail: 'the server does not do such requests' },
  [RCODE.REFUSED]: { kind: 'refused', detail: "the server's policy does not allow it" },
  // The same code says that a signature is bad; those were thrown before, by the error in the TSIG record.
  [RCODE.NOTAUTH]: { kind: 'not-auth-zone', detail: 'the server does not serve this zone, or the name is not that of a zone' },
  [RCODE.NOTZONE]: { kind: 'outside-zone', detail: 'a name lies outside the zone' },
};

/** Which prerequisites a code can mean (RFC 2136 section 3.2.5). */
const PREREQUISITES_OF: Readonly<Partial<Record<number, readonly Prerequisite['kind'][]>>> = {
  [RCODE.NXDOMAIN]: ['name-in-use'],
  [RCODE.YXDOMAIN]: ['name-not-in-use'],
  [RCODE.NXRRSET]: ['set-exists', 'set-equals'],
  [RCODE.YXRRSET]: ['set-absent'],
};

/** The failure that an answer's code says, given what was asked for; the answer's code is not NOERROR. */
export function failureOfRcode({ message, signed }: Answer, prerequisites: readonly Prerequisite[] = []): DnsFailure {
  const { rcode: code } = message.header;
  const facts = { rcode: rcodeName(code), authenticated: signed };
  const kinds = PREREQUISITES_OF[code] ?? [];
  const suspects = prerequisites.filter(({ kind }) => kinds.includes(kind));
  if (suspects.length > 0) {
    const detail = `${facts.rcode}: ${suspects.map(({ kind, name }) => `${kind} ${name}`).join(' or ')} does not hold`;
    return new DnsFailure('prerequisite-failed', detail, { ...facts, prerequisites: suspects });
  }
  const { kind, detail } = MEANINGS[code] ?? { kind: 'unexpected-rcode', detail: 'an answer that does not belong to the request' };
  return new DnsFailure(kind, `${facts.rcode}: ${detail}`, facts);
}
