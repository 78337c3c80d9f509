import { z } from 'zod';
import { base64url32, compactJws, dottedName, durationSeconds, instant, position, thumbprint, uuid } from '../formats.js';
import { machineFactsSchema } from '../http/activation.schemas.js';

/**
 * Of an installation request: half as much again as the longest that says no more than it must. Requests are kept whole, and anybody may leave one:
 * what they could be padded with would be on every page that lists them.
 */
export const INSTALLATION_REQUEST_MAX = 2048;

/** `POST /v1/installation-requests`: what a machine leaves with its host, and by which it fetches the answer later. */
export const leaveInstallationSchema = z.strictObject({
  request: compactJws.max(INSTALLATION_REQUEST_MAX).describe('signed by the machine, typ muster-installation-request+jwt: nobody else can ask for its answer'),
  hostname: machineFactsSchema.shape.hostname.optional().describe("shown to the host's operator; never sent to the vendor"),
});

/** `muster.v1.proxy.request`: the same, after the gateway verified signature and schema. */
export const requestProxySchema = z.strictObject({
  machine: thumbprint,
  product: dottedName,
  requestId: uuid,
  request: compactJws,
  requestDigest: base64url32,
  /** Personal data, for the side table only. */
  hostname: z.string().max(253).nullable(),
  address: z.string().max(45).nullable(),
});

/** What becomes of a request that was left with the host. The same request again gets the same answer, until there is a better one. */
export const installationAnswerSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('waiting'), requestDigest: base64url32, position, retryAfterSeconds: durationSeconds }),
  z.strictObject({ outcome: z.literal('confirmed'), requestDigest: base64url32, position, leaseId: uuid, lease: compactJws }),
]);

/** Requests of one page: each with all that stands beside it is below 4 KiB, a NATS message at most a megabyte. */
export const INSTALLATIONS_PAGE_MAX = 200;

/** `muster.v1.proxy.list` and the query of `GET /v1/installation-requests`: those that wait for an answer. */
export const listInstallationsSchema = z.strictObject({
  after: z.string().max(256).optional().describe('the `next` of the page before'),
  limit: z.int().min(1).max(INSTALLATIONS_PAGE_MAX).default(100),
  product: dottedName.optional(),
  personal: z.boolean().default(false).describe('with host names'),
});

export const installationEntrySchema = z.strictObject({
  machine: thumbprint,
  product: dottedName,
  request: compactJws,
  requestDigest: base64url32,
  requestedAt: instant,
  position,
  hostname: z.string().nullable(),
});

export const installationsPageSchema = z.strictObject({ requests: z.array(installationEntrySchema), next: z.string().optional(), head: position });

/** Leases handed back in one order: each becomes an event with the whole lease in it. */
export const CONFIRMATIONS_MAX = 5;

/** `POST /v1/installation-confirmations`: permanent leases that somebody obtained from the authority. */
export const confirmInstallationsSchema = z.strictObject({ leases: z.array(compactJws).min(1).max(CONFIRMATIONS_MAX) });

/** `muster.v1.proxy.confirm`: an operator's act. */
export const confirmProxySchema = z.strictObject({ ...confirmInstallationsSchema.shape, actor: z.string().max(64) });

/** One for each lease, in their order. */
export const installationConfirmationsSchema = z.strictObject({
  confirmations: z.array(
    z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.enum(['confirmed', 'known']), machine: thumbprint, product: dottedName, leaseId: uuid, position }),
      z.strictObject({ outcome: z.literal('not-requested'), machine: thumbprint, product: dottedName, detail: z.string() }),
      /** Not the vendor's word, as far as this host can tell. */
      z.strictObject({ outcome: z.literal('not-valid'), reason: z.string(), detail: z.string() }),
    ]),
  ),
});

export type RequestProxy = Readonly<z.infer<typeof requestProxySchema>>;
export type InstallationAnswer = Readonly<z.infer<typeof installationAnswerSchema>>;
export type ListInstallations = Readonly<z.infer<typeof listInstallationsSchema>>;
export type InstallationEntry = Readonly<z.infer<typeof installationEntrySchema>>;
export type InstallationsPage = Readonly<z.infer<typeof installationsPageSchema>>;
export type ConfirmProxy = Readonly<z.infer<typeof confirmProxySchema>>;
export type InstallationConfirmations = Readonly<z.infer<typeof installationConfirmationsSchema>>;
