import type { DomainEvent, EventOf, EventType } from '@muster/contracts';

type FoldName = 'access' | 'authority' | 'dns' | 'enrolment' | 'host' | 'leases' | 'proxy' | 'totals';

/**
 * Which folds read which events whole. A new type of event does not compile before it stands here, and a fold that is named here does not compile before
 * it has an answer for it. (The counts live on typed columns: their answer stands in `typedColumnsOf`.)
 */
const READERS = {
  HostActivated: ['host'],
  HostRetired: ['host'],
  TimeStepAccepted: [],
  HostKeyInstalled: ['host'],
  SigningKeyAnnounced: ['host'],
  SigningKeyChanged: ['host'],
  RevocationListInstalled: ['host'],
  // Each has exactly one outcome, which says the same and more.
  ActivationRequested: [],
  ActivationGranted: ['leases', 'totals'],
  ActivationDeferred: ['totals'],
  ActivationRefused: ['totals'],
  ActivationRenewed: ['leases', 'totals'],
  RenewalDeferred: ['totals'],
  ActivationReleased: ['leases', 'totals'],
  ActivationExpired: ['leases', 'totals'],
  // Not the leases: a retirement is followed by the release of each that the machine held.
  MachineRetired: ['enrolment', 'proxy', 'totals'],
  MachineEnrolled: ['enrolment'],
  ProxyActivationRequested: ['proxy'],
  ProxyActivationConfirmed: ['proxy'],
  AccessTokenCreated: ['access'],
  AccessTokenRevoked: ['access'],
  EnrolmentTokenCreated: ['enrolment'],
  EnrolmentTokenRevoked: ['enrolment'],
  EndpointAnnounced: ['dns'],
  EndpointConfigured: ['dns'],
  EndpointFellSilent: ['dns'],
  EndpointHeardAgain: ['dns'],
  EndpointWithdrawn: ['dns'],
  EndpointReadmitted: ['dns'],
  ServiceRecordPublished: ['dns'],
  ServiceRecordWithdrawn: ['dns'],
  DnsConflictDetected: ['dns'],
  DnsTakeOverOrdered: ['dns'],
  CatalogueAdopted: ['authority'],
  HostKeyIssued: ['authority'],
  HostKeyRaised: ['authority'],
  ActivationKeyRevoked: ['authority'],
  HostCertificateIssued: ['authority'],
  HostActivationRefused: ['authority'],
  MultipleActivationKeyIssued: ['authority'],
  MultipleActivationKeyRaised: ['authority'],
  MultipleActivationKeyUsed: ['authority'],
  MultipleActivationRefused: ['authority'],
  VendorRevocation: ['authority'],
} as const satisfies Record<EventType, readonly FoldName[]>;

type ReadBy<Name extends FoldName> = { [T in EventType]: Name extends (typeof READERS)[T][number] ? T : never }[EventType];

/** The types of event that at least one of these folds reads: what a follower hands over whole. */
export const typesReadBy = <Name extends FoldName>(...names: readonly Name[]): readonly ReadBy<Name>[] =>
  (Object.entries(READERS) as [EventType, readonly FoldName[]][]).filter(([, readers]) => names.some((name) => readers.includes(name))).map(([type]) => type as ReadBy<Name>);

/** Narrows an event to those that this fold reads, so that the switch behind it ends in `satisfies never`. */
export const readBy = <Name extends FoldName>(name: Name): ((event: DomainEvent) => event is EventOf<ReadBy<Name>>) => {
  const types: ReadonlySet<EventType> = new Set(typesReadBy(name));
  return (event): event is EventOf<ReadBy<Name>> => types.has(event.type);
};
