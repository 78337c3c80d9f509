import { z } from 'zod';
import { base64url32, compactJws, dottedName, instant, thumbprint, uuid } from './formats.js';
import { machineFactsSchema } from './http/activation.schemas.js';
import { machineConfirmationsSchema } from './http/authority.schemas.js';

const hostname = machineFactsSchema.shape.hostname;

/** What a machine writes for somebody to take to the authority. Its name is beside the request, never in it. */
export const installationFileSchema = z.strictObject({
  format: z.literal('muster-installation-request'),
  version: z.literal(1),
  machine: thumbprint,
  product: dottedName,
  hostname: hostname.nullable(),
  request: compactJws,
});

/** A permanent lease on its way back to one machine. */
export const leaseFileSchema = z.strictObject({
  format: z.literal('muster-permanent-lease'),
  version: z.literal(1),
  machine: thumbprint,
  product: dottedName,
  lease: compactJws,
});

/** What a vendor's clerk hands back for many machines at once (`muster authority confirm-machines --output`). */
export const confirmationsFileSchema = z.strictObject({ confirmations: machineConfirmationsSchema.shape.confirmations });

/** Whatever a machine is told that it is activated for good by. */
export const handedBackSchema = z.union([leaseFileSchema, confirmationsFileSchema]);

const collectedOutcome = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('waiting') }),
  z.strictObject({ status: z.literal('obtained'), leaseId: uuid, lease: compactJws, obtainedAt: instant, drawn: z.boolean() }),
  /** The authority said no: with another key, or once the vendor has raised the allowance, it can be obtained still. */
  z.strictObject({ status: z.literal('refused'), reason: z.string(), detail: z.string() }),
]);

const collectedRequest = z.strictObject({
  machine: thumbprint,
  product: dottedName,
  /** Shown to people; null in a collection without personal data. */
  hostname: hostname.nullable(),
  requestDigest: base64url32,
  request: compactJws,
  outcome: collectedOutcome,
});

/** Requests of one collection: a file of some hundred megabytes. */
const COLLECTED_MAX = 100_000;

/** What travels between the machines' network and the computer that reaches the authority (K5). No key is ever in it. */
export const proxyCollectionSchema = z.strictObject({
  format: z.literal('muster-proxy-collection'),
  version: z.literal(1),
  collectedAt: instant,
  /** Where the requests came from. A collection without personal data can only be handed back there: nothing in it says whose they are. */
  origin: z.discriminatedUnion('type', [z.strictObject({ type: z.literal('host'), host: thumbprint }), z.strictObject({ type: z.literal('files') })]),
  personalData: z.boolean(),
  entries: z.array(collectedRequest).max(COLLECTED_MAX),
});

export type InstallationFile = Readonly<z.infer<typeof installationFileSchema>>;
export type LeaseFile = Readonly<z.infer<typeof leaseFileSchema>>;
export type HandedBack = Readonly<z.infer<typeof handedBackSchema>>;
export type ProxyCollection = Readonly<z.infer<typeof proxyCollectionSchema>>;
export type CollectedRequest = ProxyCollection['entries'][number];
