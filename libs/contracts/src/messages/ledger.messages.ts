import { z } from 'zod';
import { keyEnding } from '../events/host.events.js';
import { base64url32, position, thumbprint } from '../formats.js';
import { hostCertificateClaimsSchema } from '../host-certificate.js';
import { cloudEventSchema } from './cloud-event.js';

/** One page of `GET /v1/events`. It holds fewer where they are large, for it fits one NATS message (1 MB). */
export const EVENTS_PAGE_MAX = 500;

/** `muster.v1.ledger.read` and the query of `GET /v1/events` */
export const readEventsSchema = z.strictObject({
  after: position.default(0),
  limit: z.int().min(1).max(EVENTS_PAGE_MAX).default(100),
  type: z.string().max(64).optional(),
  machine: thumbprint.optional(),
});

export const eventsPageSchema = z.strictObject({
  events: z.array(cloudEventSchema),
  head: position,
  next: position.optional().describe('go on with after = this: there is more, and the page would not have held it, however many were asked for'),
});

/**
 * `muster.v1.ledger.appended`, broadcast after a commit of positions `first`…`last`.
 * `events` is left out when it would not fit a message; a receiver that misses it, or anything, reads the store.
 */
export const ledgerAppendedSchema = z.strictObject({
  ledger: z.string(),
  first: position,
  last: position,
  events: z.array(cloudEventSchema).optional(),
});

/** `muster.v1.host.describe` and `GET /v1/host` */
export const hostDescriptionSchema = z.strictObject({
  status: z.enum(['not-activated', 'active', 'retired']),
  host: thumbprint.nullable(),
  ledger: z.string(),
  head: position,
  certificate: z.string().nullable(),
  certificateDigest: z.string().nullable(),
  claims: hostCertificateClaimsSchema.nullable(),
  /** The host key that was installed last; the digest is of the policies that came with it. */
  hostKey: z.strictObject({ keyId: base64url32, keyEnding, policiesDigest: base64url32 }).nullable(),
  /** The key that signs leases and receipts: the host's own, or one that it vouches for. */
  signingKey: thumbprint.nullable(),
  /** Announced and not used yet. */
  announcedKeys: z.array(thumbprint),
  /** Of the vendor's revocation list in force; 0 when none was installed. */
  revocationSequence: z.int().nonnegative(),
  /** Every key whose leases may still run, and those that were announced. */
  keys: z.array(z.strictObject({ kid: thumbprint, x: z.string() })),
});

export type ReadEvents = Readonly<z.infer<typeof readEventsSchema>>;
export type EventsPage = Readonly<z.infer<typeof eventsPageSchema>>;
export type LedgerAppended = Readonly<z.infer<typeof ledgerAppendedSchema>>;
export type HostDescription = Readonly<z.infer<typeof hostDescriptionSchema>>;
