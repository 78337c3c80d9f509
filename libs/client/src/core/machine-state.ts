import { z } from 'zod';

const instantMs = z.int().nonnegative();

const heldLeaseSchema = z.strictObject({
  leaseId: z.string(),
  /** The host that issued it. */
  host: z.string(),
  issuedAtMs: instantMs,
  expiresAtMs: instantMs,
  /** The signed lease as it came. */
  token: z.string(),
});

const wishSchema = z.strictObject({
  kind: z.enum(['activation', 'renewal', 'release']),
  requestId: z.string(),
  /** The lease that it cites, renews or releases. */
  lease: heldLeaseSchema.nullable(),
  drawnForMs: instantMs.nullable(),
  virtual: z.boolean().nullable(),
  /** Digest of the evidence and the enrolment that it shows; left out when it shows none. */
  shows: z.string().optional(),
  madeAtMs: instantMs,
});

const lastContactSchema = z.strictObject({
  atMs: instantMs,
  host: z.string().nullable(),
  outcome: z.enum(['granted', 'deferred', 'refused', 'busy', 'unreachable', 'released']),
  count: z.int().nullable(),
  threshold: z.int().nullable(),
  code: z.string().nullable(),
  detail: z.string().nullable(),
});

/**
 * Everything that a machine remembers of one product, as plain JSON.
 *
 * It is kept as one file, so that a crash never leaves a new lease beside an old request.
 */
export const machineStateSchema = z.strictObject({
  version: z.literal(1),
  product: z.string(),
  lease: heldLeaseSchema.nullable(),
  /** The request that was sent, or was about to be, and whose outcome is not known. */
  wish: wishSchema.nullable(),
  /** What a contact that is due asks for; nothing once the lease was released. */
  intent: z.enum(['activate', 'renew', 'rest']),
  /** When, on the machine's own clock; `setAtMs` shows whether that clock was set back since. Null: now. */
  due: z.strictObject({ atMs: instantMs, setAtMs: instantMs }).nullable(),
  /** The moment drawn inside the renewal window. */
  drawnForMs: instantMs.nullable(),
  renewAfterSeconds: z.int().positive(),
  retryAfterSeconds: z.int().positive(),
  host: z.strictObject({ remembered: z.string().nullable(), failingSinceMs: instantMs.nullable() }),
  /** Rounds in a row that brought no outcome. */
  failing: z.strictObject({ rounds: z.int().positive(), sinceMs: instantMs }).nullable(),
  clock: z.strictObject({
    /** The latest time seen. */
    highWaterMs: instantMs,
    /** The latest time that a host has signed. */
    signedMs: instantMs,
  }),
  lastContact: lastContactSchema.nullable(),
});

export type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

export type HeldLease = DeepReadonly<z.infer<typeof heldLeaseSchema>>;
export type Wish = DeepReadonly<z.infer<typeof wishSchema>>;
export type WishKind = Wish['kind'];
export type LastContact = DeepReadonly<z.infer<typeof lastContactSchema>>;
export type MachineState = DeepReadonly<z.infer<typeof machineStateSchema>>;
