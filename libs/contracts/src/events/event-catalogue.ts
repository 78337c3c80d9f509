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
import { hostActivatedV1, hostRetiredV1, machineRetiredV1, timeStepAcceptedV1 } from './host.events.js';

/**
 * Every event type with its current version and its code in the `kind` column.
 *
 * Codes and schemas are frozen once shipped: the catalogue only grows. An older version is read through an upcaster.
 */
export const eventCatalogue = {
  HostActivated: { kind: 1, version: 1, schema: hostActivatedV1 },
  HostRetired: { kind: 2, version: 1, schema: hostRetiredV1 },
  TimeStepAccepted: { kind: 3, version: 1, schema: timeStepAcceptedV1 },
  ActivationRequested: { kind: 10, version: 1, schema: activationRequestedV1 },
  ActivationGranted: { kind: 11, version: 1, schema: activationGrantedV1 },
  ActivationDeferred: { kind: 12, version: 1, schema: activationDeferredV1 },
  ActivationRefused: { kind: 13, version: 1, schema: activationRefusedV1 },
  ActivationRenewed: { kind: 14, version: 1, schema: activationRenewedV1 },
  RenewalDeferred: { kind: 15, version: 1, schema: renewalDeferredV1 },
  ActivationReleased: { kind: 16, version: 1, schema: activationReleasedV1 },
  ActivationExpired: { kind: 17, version: 1, schema: activationExpiredV1 },
  MachineRetired: { kind: 20, version: 1, schema: machineRetiredV1 },
} as const;

export type EventType = keyof typeof eventCatalogue;

/** A fact before it is recorded: its type and what it says. */
export type DomainEvent = { [T in EventType]: { readonly type: T; readonly data: Readonly<z.infer<(typeof eventCatalogue)[T]['schema']>> } }[EventType];

export type EventOf<T extends EventType> = Extract<DomainEvent, { type: T }>;

export const isEventType = (value: string): value is EventType => Object.hasOwn(eventCatalogue, value);
