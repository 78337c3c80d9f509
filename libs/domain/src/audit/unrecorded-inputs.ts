import type { EventType } from '@muster/contracts';

/** What a decision was made from that its ledger does not hold; it is taken as it must have been for anything to be recorded. */
interface UnrecordedInput {
  readonly part: string;
  readonly reason: string;
}

const SIGNATURE = 'its signature was verified before it was decided on; whether signatures are good is another audit';

const end = [{ part: 'the request', reason: 'the ledger holds no request of a release: its moment, the host it was meant for and the lease that was presented are not recorded' }];
const decided = [{ part: 'audience', reason: 'the host that the request was meant for is not recorded; taken as this one' }];

const BEATS = 'what a registrar heard, and for how long it heard nothing, is not recorded: only that the change was possible from how the endpoint stood';
const ANSWERS = 'what DNS answered is not recorded: only that the ledger did not say the same before';

const inputs: Readonly<Partial<Record<EventType, readonly UnrecordedInput[]>>> = {
  ActivationRequested: [
    { part: 'citedLease, contentDigest, drawnFor, evidence, requestIssuedAt', reason: "the machine's own words: nothing in the ledger to derive them from" },
    { part: 'freshness', reason: "the host's clock is not recorded where it stood at or before the head's time; such a request is taken as fresh" },
  ],
  ActivationGranted: decided,
  ActivationDeferred: decided,
  ActivationRefused: decided,
  ActivationRenewed: [...decided, { part: 'the lease presented', reason: SIGNATURE }],
  RenewalDeferred: [...decided, { part: 'the lease presented', reason: SIGNATURE }],
  ActivationReleased: end,
  ActivationExpired: [{ part: 'how many', reason: 'the room that other commands of the round left is not recorded: that a lease was due is decided again, not that it was its turn' }],
  MachineRetired: [{ part: 'reason', reason: "an administrator's word" }],
  HostActivated: [{ part: 'certificate', reason: SIGNATURE }],
  HostKeyInstalled: [{ part: 'keyId, keyEnding, policies', reason: `the key is a secret; of the policies, ${SIGNATURE}` }],
  HostRetired: [{ part: 'reason', reason: "an administrator's word" }],
  SigningKeyAnnounced: [{ part: 'delegation', reason: SIGNATURE }],
  SigningKeyChanged: [{ part: 'kid, reason', reason: "an administrator's choice; that the host held the private half is not recorded" }],
  RevocationListInstalled: [{ part: 'standing', reason: `whether the list was newer depends on its signer; ${SIGNATURE}` }],
  ProxyActivationRequested: [{ part: 'request', reason: SIGNATURE }],
  ProxyActivationConfirmed: [{ part: 'lease', reason: SIGNATURE }],
  AccessTokenCreated: [{ part: 'tokenId, role, tokenHash, expiresAt', reason: "the administrator's order is not recorded, only the token: how long it was to last is taken from its end" }],
  AccessTokenRevoked: [{ part: 'tokenId', reason: "an administrator's choice" }],
  EnrolmentTokenCreated: [{ part: 'tokenId, tokenKey, maximumUses, expiresAt', reason: "the administrator's order is not recorded, only the token: how long it was to last is taken from its end" }],
  EnrolmentTokenRevoked: [{ part: 'tokenId', reason: "an administrator's choice" }],
  EndpointAnnounced: [{ part: 'target, port, scheme, sites, domains, priority, weight', reason: BEATS }],
  EndpointConfigured: [{ part: 'priority, weight, domains', reason: "an administrator's word" }],
  EndpointFellSilent: [{ part: 'cause, since', reason: BEATS }],
  EndpointHeardAgain: [{ part: 'the beat', reason: BEATS }],
  EndpointWithdrawn: [{ part: 'patience, the last of a name', reason: `which depend on settings of the registrar; ${BEATS}` }],
  ServiceRecordPublished: [{ part: 'domain, name, epoch, server, rcode, serial, priority, weight, ttlSeconds, scheme', reason: ANSWERS }],
  ServiceRecordWithdrawn: [{ part: 'epoch, server, rcode, serial, reason', reason: ANSWERS }],
  DnsConflictDetected: [{ part: 'domain, owner, found', reason: ANSWERS }],
};

/** What is taken on trust in every event of the type. */
export const inputsOf = (type: EventType): readonly UnrecordedInput[] => inputs[type] ?? [];
