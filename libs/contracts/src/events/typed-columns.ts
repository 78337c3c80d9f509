import type { DomainEvent } from './event-catalogue.js';
import { eventCatalogue } from './event-catalogue.js';

/** What an event does to a count. */
export const seenCodes = { nothing: 0, seenPhysical: 1, seenVirtual: 2, retired: 3 } as const;
export type SeenCode = (typeof seenCodes)[keyof typeof seenCodes];

/**
 * What folds need, kept beside the body so that a count is rebuilt without parsing JSON.
 * A function of the body alone: an auditor derives it again and compares.
 */
export interface TypedColumns {
  readonly kind: number;
  readonly seen: SeenCode;
  readonly pool: string | null;
  readonly product: string | null;
  readonly machine: string | null;
}

const none = { seen: seenCodes.nothing, pool: null, product: null, machine: null } as const;

const seenCodeOf = ({ virtual, counted }: { readonly virtual: boolean; readonly counted?: false | undefined }): SeenCode => {
  if (counted === false) return seenCodes.nothing; // served, but the vendor counts only enrolled machines
  return virtual ? seenCodes.seenVirtual : seenCodes.seenPhysical;
};

export const typedColumnsOf = (event: DomainEvent): TypedColumns => {
  const { kind } = eventCatalogue[event.type];
  switch (event.type) {
    case 'HostActivated':
    case 'HostRetired':
    case 'HostKeyInstalled':
    case 'SigningKeyAnnounced':
    case 'SigningKeyChanged':
    case 'RevocationListInstalled':
    case 'TimeStepAccepted':
    case 'AccessTokenCreated':
    case 'AccessTokenRevoked':
    case 'EnrolmentTokenCreated':
    case 'EnrolmentTokenRevoked':
    case 'EndpointAnnounced':
    case 'EndpointConfigured':
    case 'EndpointFellSilent':
    case 'EndpointHeardAgain':
    case 'EndpointWithdrawn':
    case 'EndpointReadmitted':
    case 'ServiceRecordPublished':
    case 'ServiceRecordWithdrawn':
    case 'DnsConflictDetected':
    case 'DnsTakeOverOrdered':
    case 'CatalogueAdopted':
    case 'HostKeyIssued':
    case 'HostKeyRaised':
    case 'ActivationKeyRevoked':
    case 'HostCertificateIssued':
    case 'HostActivationRefused':
    case 'MultipleActivationKeyIssued':
    case 'MultipleActivationKeyRaised':
    case 'VendorRevocation':
      return { kind, ...none };
    case 'MachineEnrolled':
      return { kind, ...none, machine: event.data.machine };
    case 'ProxyActivationRequested':
    case 'ProxyActivationConfirmed':
    case 'MultipleActivationKeyUsed':
    case 'MultipleActivationRefused':
      return { kind, ...none, product: event.data.product, machine: event.data.machine };
    case 'ActivationRequested':
    case 'ActivationRefused':
    case 'ActivationReleased':
    case 'ActivationExpired':
      return { kind, seen: seenCodes.nothing, pool: event.data.pool, product: event.data.product, machine: event.data.machine };
    case 'ActivationGranted':
    case 'ActivationDeferred':
    case 'ActivationRenewed':
    case 'RenewalDeferred':
      return {
        kind,
        seen: seenCodeOf(event.data),
        pool: event.data.pool,
        product: event.data.product,
        machine: event.data.machine,
      };
    case 'MachineRetired':
      return { kind, ...none, seen: seenCodes.retired, machine: event.data.machine };
    default:
      return event satisfies never;
  }
};
