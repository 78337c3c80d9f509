import { firmwareEvidenceSchema, hardwareEvidenceSchema } from '@muster/contracts';
import { z } from 'zod';
import type { DeepReadonly } from '../machine-state.js';

const instantMs = z.int().nonnegative();

const heldPermanentLeaseSchema = z.strictObject({
  leaseId: z.string(),
  organisation: z.string(),
  issuedAtMs: instantMs,
  /** Of the key that it was drawn from; null where somebody else drew it and handed it over. */
  keyId: z.string().nullable(),
  /** What the machine was made of then; the lease holds the digest of it. */
  hardware: hardwareEvidenceSchema,
  /** The signed lease as it came. */
  token: z.string(),
});

const installationWishSchema = z.strictObject({
  requestId: z.string(),
  hardware: hardwareEvidenceSchema,
  virtual: z.boolean(),
  /** What the firmware says, where the product is licensed as an upgrade. */
  evidence: firmwareEvidenceSchema.optional(),
  /** The request says so, each time: sent again it is the same bytes. */
  madeAtMs: instantMs,
  /** Who takes it to the authority: the machine itself, or somebody else, from a file or from the host. */
  way: z.enum(['independent', 'file', 'host']),
});

const permanentContactSchema = z.strictObject({
  atMs: instantMs,
  host: z.string().nullable(),
  outcome: z.enum(['granted', 'waiting', 'refused', 'busy', 'unreachable']),
  code: z.string().nullable(),
  detail: z.string().nullable(),
});

/**
 * What a machine remembers of one product beside its volume lease, as plain JSON: by which method it is to be activated, and the permanent lease.
 *
 * The key itself is not here: whatever logs this logs no secret.
 */
export const permanentStateSchema = z.strictObject({
  version: z.literal(1),
  product: z.string(),
  method: z.enum(['volume', 'multiple']),
  /** The key that was installed last, unless it was removed. */
  key: z.strictObject({ kind: z.enum(['setup', 'multiple']), keyId: z.string(), ending: z.string() }).nullable(),
  /** Kept when the method changes back, and not in use then. */
  lease: heldPermanentLeaseSchema.nullable(),
  /** The request whose outcome is not known. */
  wish: installationWishSchema.nullable(),
  /** When to ask next, on the machine's own clock; null: now. */
  due: z.strictObject({ atMs: instantMs, setAtMs: instantMs }).nullable(),
  /** The host that the request was left with. */
  leftWith: z.string().nullable(),
  failing: z.strictObject({ rounds: z.int().positive(), sinceMs: instantMs }).nullable(),
  lastContact: permanentContactSchema.nullable(),
});

export type PermanentState = DeepReadonly<z.infer<typeof permanentStateSchema>>;
export type HeldPermanentLease = DeepReadonly<z.infer<typeof heldPermanentLeaseSchema>>;
export type InstallationWish = DeepReadonly<z.infer<typeof installationWishSchema>>;
export type PermanentContactMade = DeepReadonly<z.infer<typeof permanentContactSchema>>;
export type Method = PermanentState['method'];
export type InstalledKey = NonNullable<PermanentState['key']>;

/** Nothing was installed: the product is activated by volume. */
export const newPermanentState = (product: string): PermanentState => ({
  version: 1,
  product,
  method: 'volume',
  key: null,
  lease: null,
  wish: null,
  due: null,
  leftWith: null,
  failing: null,
  lastContact: null,
});
