import { z } from 'zod';
import { releaseReasons } from '../events/activation.events.js';
import { base64url32, compactJws, dottedName, instant, numericDate, position, thumbprint, uuid } from '../formats.js';
import { activationDeferredSchema, activationGrantedSchema } from '../http/activation.schemas.js';
import { renewalDeferredSchema, renewalGrantedSchema } from '../http/renewal.schemas.js';

/** What a verified request about a lease says, whatever it asks for. */
const aboutLease = {
  machine: thumbprint,
  requestId: uuid,
  leaseId: uuid.describe('as the path names it'),
  lease: compactJws.describe('as the machine presents it; its signatures are for the lease-renewal service to check'),
  audience: thumbprint.nullable(),
  issuedAt: numericDate,
  /** SHA-256 over what decides: tells a repeat from a reuse. */
  contentDigest: base64url32,
};

/** `muster.v1.lease.renew` */
export const renewLeaseSchema = z.strictObject({
  ...aboutLease,
  virtual: z.boolean(),
  /** The moment that the machine drew inside its window, as it says. */
  drawnFor: numericDate.nullable(),
  /** Personal data, for the side table only. */
  hostname: z.string().max(253),
  address: z.string().max(45).nullable(),
});

/** `muster.v1.lease.release` */
export const releaseLeaseSchema = z.strictObject(aboutLease);

/** `muster.v1.lease.force-release`: an administrator's act. */
export const forceReleaseSchema = z.strictObject({ leaseId: uuid, reason: z.enum(releaseReasons).exclude(['returned']), actor: z.string().max(64) });

/** `muster.v1.machine.retire`: an administrator's act. */
export const retireMachineSchema = z.strictObject({ machine: thumbprint, reason: z.enum(['decommissioned', 'lost', 'reimaged', 'duplicate']), actor: z.string().max(64) });

export const retireAnswerSchema = z.strictObject({ machine: thumbprint, position });

/** A renewal is answered as one, or, where the lease is another host's, as the activation that it is here. */
export const renewalAnswerSchema = z.discriminatedUnion('outcome', [renewalGrantedSchema, renewalDeferredSchema, activationGrantedSchema, activationDeferredSchema]);

/** One page of a listing: bounded so that it fits one NATS message. */
export const LISTING_PAGE_MAX = 500;

const page = { after: z.string().max(256).optional().describe('the last entry of the page before'), limit: z.int().min(1).max(LISTING_PAGE_MAX).default(100) };

/** Where a lease stands now, by its times and what was recorded. */
export const leaseStandings = ['running', 'expired', 'released'] as const;

/** `muster.v1.lease.list` and the query of `GET /v1/leases` */
export const listLeasesSchema = z.strictObject({ ...page, product: dottedName.optional(), machine: thumbprint.optional(), standing: z.enum(leaseStandings).optional() });

export const leaseEntrySchema = z.strictObject({
  leaseId: uuid,
  machine: thumbprint,
  product: dottedName,
  pool: dottedName,
  virtual: z.boolean(),
  issuedAt: instant,
  expiresAt: instant,
  standing: z.enum(leaseStandings),
  position: position.describe('of the grant or renewal'),
});

export const leasesPageSchema = z.strictObject({ leases: z.array(leaseEntrySchema), next: z.string().optional(), head: position });

/** `muster.v1.machine.list` and the query of `GET /v1/machines` */
export const listMachinesSchema = z.strictObject({ ...page, pool: dottedName.optional(), virtual: z.boolean().optional(), counted: z.boolean().optional() });

export const machineEntrySchema = z.strictObject({
  machine: thumbprint,
  pool: dottedName,
  virtual: z.boolean(),
  lastSeenAt: instant,
  counted: z.boolean().describe('seen inside the count window'),
});

export const machinesPageSchema = z.strictObject({ machines: z.array(machineEntrySchema), next: z.string().optional(), head: position });

export type RenewLease = Readonly<z.infer<typeof renewLeaseSchema>>;
export type ReleaseLease = Readonly<z.infer<typeof releaseLeaseSchema>>;
export type ForceRelease = Readonly<z.infer<typeof forceReleaseSchema>>;
export type RetireMachine = Readonly<z.infer<typeof retireMachineSchema>>;
export type RetireAnswer = Readonly<z.infer<typeof retireAnswerSchema>>;
export type RenewalAnswer = Readonly<z.infer<typeof renewalAnswerSchema>>;
export type LeaseStanding = (typeof leaseStandings)[number];
export type ListLeases = Readonly<z.infer<typeof listLeasesSchema>>;
export type LeaseEntry = Readonly<z.infer<typeof leaseEntrySchema>>;
export type LeasesPage = Readonly<z.infer<typeof leasesPageSchema>>;
export type ListMachines = Readonly<z.infer<typeof listMachinesSchema>>;
export type MachineEntry = Readonly<z.infer<typeof machineEntrySchema>>;
export type MachinesPage = Readonly<z.infer<typeof machinesPageSchema>>;
