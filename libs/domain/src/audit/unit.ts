import type { EventOf } from '@muster/contracts';
import type { AuditedEvent } from './audit.types.js';

/** The events of one command: each after the first was caused by the one before it. */
export type Unit = readonly [AuditedEvent, ...AuditedEvent[]];

type Outcome = EventOf<'ActivationGranted' | 'ActivationDeferred' | 'ActivationRefused' | 'ActivationRenewed' | 'RenewalDeferred'>;

/** A unit by what was asked; those that no command leaves behind have no shape. */
export type Shape =
  | { readonly kind: 'request'; readonly enrolled: EventOf<'MachineEnrolled'> | undefined; readonly requested: EventOf<'ActivationRequested'>; readonly outcome: Outcome }
  | { readonly kind: 'retirement'; readonly retired: EventOf<'MachineRetired'> }
  | { readonly kind: 'release'; readonly released: EventOf<'ActivationReleased'> }
  | { readonly kind: 'expiry'; readonly expired: EventOf<'ActivationExpired'> }
  | { readonly kind: 'alone' }
  | { readonly kind: 'no-command' };

const outcomes: ReadonlySet<string> = new Set<Outcome['type']>(['ActivationGranted', 'ActivationDeferred', 'ActivationRefused', 'ActivationRenewed', 'RenewalDeferred']);

const requestIn = (unit: Unit): Shape => {
  const events = unit.map(({ event }) => event);
  const enrolled = events[0]?.type === 'MachineEnrolled' ? events[0] : undefined;
  const [requested, outcome, ...more] = enrolled === undefined ? events : events.slice(1);
  if (requested?.type !== 'ActivationRequested' || outcome === undefined || !outcomes.has(outcome.type) || more.length > 0) return { kind: 'no-command' };
  return { kind: 'request', enrolled, requested, outcome: outcome as Outcome };
};

export const shapeOf = (unit: Unit): Shape => {
  const [{ event: first }, ...rest] = unit;
  switch (first.type) {
    case 'MachineEnrolled':
    case 'ActivationRequested':
      return requestIn(unit);
    case 'MachineRetired':
      return rest.every(({ event }) => event.type === 'ActivationReleased') ? { kind: 'retirement', retired: first } : { kind: 'no-command' };
    case 'ActivationGranted':
    case 'ActivationDeferred':
    case 'ActivationRefused':
    case 'ActivationRenewed':
    case 'RenewalDeferred':
      return { kind: 'no-command' };
    case 'ActivationReleased':
      return rest.length === 0 ? { kind: 'release', released: first } : { kind: 'no-command' };
    case 'ActivationExpired':
      return rest.length === 0 ? { kind: 'expiry', expired: first } : { kind: 'no-command' };
    default:
      return rest.length === 0 ? { kind: 'alone' } : { kind: 'no-command' };
  }
};

/** The head that the unit says it was decided from, if any of its events says so. */
export const statedHeadOf = (unit: Unit): number | undefined => {
  for (const { event } of unit) if ('basis' in event.data) return event.data.basis.head;
  return undefined;
};

/** Where the ledger stood before the unit. */
export const headBefore = ([{ row }]: Unit): number => row.position - 1;
