import type { z } from 'zod';
import {
  activationDeferredV1,
  activationExpiredV1,
  activationGrantedV1,
  activationRefusedV1,
  activationReleasedV1,
  activationRenewedV1,
  activationRequestedV1,
  renewalDeferredV1,
} from './activation.events.js';
import { accessTokenCreatedV1, accessTokenRevokedV1, enrolmentTokenCreatedV1, enrolmentTokenRevokedV1, machineEnrolledV1 } from './access.events.js';
import {
  activationKeyRevokedV1,
  catalogueAdoptedV1,
  hostActivationRefusedV1,
  hostCertificateIssuedV1,
  hostKeyIssuedV1,
  hostKeyRaisedV1,
  multipleActivationKeyIssuedV1,
  multipleActivationKeyRaisedV1,
  multipleActivationKeyUsedV1,
  multipleActivationRefusedV1,
  vendorRevocationV1,
} from './authority.events.js';
import {
  dnsConflictDetectedV1,
  dnsTakeOverOrderedV1,
  endpointAnnouncedV1,
  endpointConfiguredV1,
  endpointFellSilentV1,
  endpointHeardAgainV1,
  endpointReadmittedV1,
  endpointWithdrawnV1,
  serviceRecordPublishedV1,
  serviceRecordWithdrawnV1,
} from './dns.events.js';
import {
  hostActivatedV1,
  hostKeyInstalledV1,
  hostRetiredV1,
  machineRetiredV1,
  revocationListInstalledV1,
  signingKeyAnnouncedV1,
  signingKeyChangedV1,
  timeStepAcceptedV1,
} from './host.events.js';
import { proxyActivationConfirmedV1, proxyActivationRequestedV1 } from './proxy.events.js';

/**
 * Every event type with its current version and its code in the `kind` column.
 *
 * Codes and schemas are frozen once shipped: the catalogue only grows. An older version is read through an upcaster.
 */
export const eventCatalogue = {
  HostActivated: { kind: 1, version: 1, schema: hostActivatedV1 },
  HostRetired: { kind: 2, version: 1, schema: hostRetiredV1 },
  TimeStepAccepted: { kind: 3, version: 1, schema: timeStepAcceptedV1 },
  HostKeyInstalled: { kind: 4, version: 1, schema: hostKeyInstalledV1 },
  SigningKeyAnnounced: { kind: 5, version: 1, schema: signingKeyAnnouncedV1 },
  SigningKeyChanged: { kind: 6, version: 1, schema: signingKeyChangedV1 },
  RevocationListInstalled: { kind: 7, version: 1, schema: revocationListInstalledV1 },
  ActivationRequested: { kind: 10, version: 1, schema: activationRequestedV1 },
  ActivationGranted: { kind: 11, version: 1, schema: activationGrantedV1 },
  ActivationDeferred: { kind: 12, version: 1, schema: activationDeferredV1 },
  ActivationRefused: { kind: 13, version: 1, schema: activationRefusedV1 },
  ActivationRenewed: { kind: 14, version: 1, schema: activationRenewedV1 },
  RenewalDeferred: { kind: 15, version: 1, schema: renewalDeferredV1 },
  ActivationReleased: { kind: 16, version: 1, schema: activationReleasedV1 },
  ActivationExpired: { kind: 17, version: 1, schema: activationExpiredV1 },
  MachineRetired: { kind: 20, version: 1, schema: machineRetiredV1 },
  MachineEnrolled: { kind: 21, version: 1, schema: machineEnrolledV1 },
  ProxyActivationRequested: { kind: 22, version: 1, schema: proxyActivationRequestedV1 },
  ProxyActivationConfirmed: { kind: 23, version: 1, schema: proxyActivationConfirmedV1 },
  AccessTokenCreated: { kind: 30, version: 1, schema: accessTokenCreatedV1 },
  AccessTokenRevoked: { kind: 31, version: 1, schema: accessTokenRevokedV1 },
  EnrolmentTokenCreated: { kind: 32, version: 1, schema: enrolmentTokenCreatedV1 },
  EnrolmentTokenRevoked: { kind: 33, version: 1, schema: enrolmentTokenRevokedV1 },
  EndpointAnnounced: { kind: 40, version: 1, schema: endpointAnnouncedV1 },
  EndpointConfigured: { kind: 41, version: 1, schema: endpointConfiguredV1 },
  EndpointFellSilent: { kind: 42, version: 1, schema: endpointFellSilentV1 },
  EndpointHeardAgain: { kind: 43, version: 1, schema: endpointHeardAgainV1 },
  EndpointWithdrawn: { kind: 44, version: 1, schema: endpointWithdrawnV1 },
  EndpointReadmitted: { kind: 45, version: 1, schema: endpointReadmittedV1 },
  ServiceRecordPublished: { kind: 46, version: 1, schema: serviceRecordPublishedV1 },
  ServiceRecordWithdrawn: { kind: 47, version: 1, schema: serviceRecordWithdrawnV1 },
  DnsConflictDetected: { kind: 48, version: 1, schema: dnsConflictDetectedV1 },
  DnsTakeOverOrdered: { kind: 49, version: 1, schema: dnsTakeOverOrderedV1 },
  CatalogueAdopted: { kind: 50, version: 1, schema: catalogueAdoptedV1 },
  HostKeyIssued: { kind: 51, version: 1, schema: hostKeyIssuedV1 },
  HostKeyRaised: { kind: 52, version: 1, schema: hostKeyRaisedV1 },
  ActivationKeyRevoked: { kind: 53, version: 1, schema: activationKeyRevokedV1 },
  HostCertificateIssued: { kind: 54, version: 1, schema: hostCertificateIssuedV1 },
  HostActivationRefused: { kind: 55, version: 1, schema: hostActivationRefusedV1 },
  MultipleActivationKeyIssued: { kind: 56, version: 1, schema: multipleActivationKeyIssuedV1 },
  MultipleActivationKeyRaised: { kind: 57, version: 1, schema: multipleActivationKeyRaisedV1 },
  MultipleActivationKeyUsed: { kind: 58, version: 1, schema: multipleActivationKeyUsedV1 },
  MultipleActivationRefused: { kind: 59, version: 1, schema: multipleActivationRefusedV1 },
  VendorRevocation: { kind: 60, version: 1, schema: vendorRevocationV1 },
} as const;

export type EventType = keyof typeof eventCatalogue;

/** A fact before it is recorded: its type and what it says. */
export type DomainEvent = { [T in EventType]: { readonly type: T; readonly data: Readonly<z.infer<(typeof eventCatalogue)[T]['schema']>> } }[EventType];

export type EventOf<T extends EventType> = Extract<DomainEvent, { type: T }>;

export const isEventType = (value: string): value is EventType => Object.hasOwn(eventCatalogue, value);
