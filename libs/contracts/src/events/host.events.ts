import { z } from 'zod';
import { base64url32, compactJws, instant, thumbprint, uuid } from '../formats.js';
import { hostCertificateClaimsSchema } from '../host-certificate.js';
import { REVOCATIONS_MAX } from '../vendor-tokens.js';

/** The last group of an activation key: enough for people to tell keys apart, and no help to whoever wants the rest. */
export const keyEnding = z.string().regex(/^[1-9A-Z]{5}$/);

/** A host certificate takes effect at this position. Recorded only after its chain verified; `claims` are its payload. */
export const hostActivatedV1 = z.strictObject({
  host: thumbprint,
  certificate: compactJws,
  certificateDigest: base64url32,
  claims: hostCertificateClaimsSchema,
  /** The intermediate that signed the certificate, where it was not the root. */
  intermediate: compactJws.optional(),
});

/** A host key was installed with the policies that the vendor signed for it. The key itself is a secret and stands nowhere. */
export const hostKeyInstalledV1 = z.strictObject({ keyId: base64url32, keyEnding, policies: compactJws, policiesDigest: base64url32 });

/** Another key of this host, announced before it signs anything: clients and caches may learn it. `delegation` is the host key's word for it. */
export const signingKeyAnnouncedV1 = z.strictObject({
  kid: thumbprint,
  key: base64url32.describe('the public key, `x` of its JWK'),
  delegation: compactJws,
  announcedAt: instant,
});

/** Why another key signs from now on; after `compromise` the one before it signs nothing more at all, and what was announced beside it is void. */
export const signingKeyChangeReasons = ['rotation', 'compromise'] as const;

/** From here on this key signs; it is the host key itself or one that was announced. */
export const signingKeyChangedV1 = z.strictObject({
  kid: thumbprint,
  previous: thumbprint,
  reason: z.enum(signingKeyChangeReasons),
  changedAt: instant,
  repeatsUntil: instant.describe('until then a repeated request is answered with the bytes that `previous` signed; its private half is gone afterwards'),
  publishedUntil: instant.describe('the end of the last lease that `previous` can have signed: its public half is published until then'),
});

/** The vendor's word on which certificates and keys are not to be believed any more. `certificates` and `keys` are what `list` says. */
export const revocationListInstalledV1 = z.strictObject({
  sequence: z.int().positive(),
  list: compactJws,
  certificates: z.array(uuid).max(REVOCATIONS_MAX),
  keys: z.array(thumbprint).max(REVOCATIONS_MAX),
});

/** From here on the host serves nobody. */
export const hostRetirementReasons = ['decommissioned', 'replaced', 'compromised'] as const;
export const hostRetiredV1 = z.strictObject({ host: thumbprint, reason: z.enum(hostRetirementReasons) });

/** The machine leaves every count at once. */
export const machineRetiredV1 = z.strictObject({ machine: thumbprint, reason: z.enum(['decommissioned', 'lost', 'reimaged', 'duplicate']) });

/** An operator let the ledger's time go forward by more than a clock is trusted to: `from` the head's `recordedAt` `to` this event's. */
export const timeStepAcceptedV1 = z.strictObject({ from: instant, to: instant });

export type HostActivated = Readonly<z.infer<typeof hostActivatedV1>>;
export type HostRetired = Readonly<z.infer<typeof hostRetiredV1>>;
export type TimeStepAccepted = Readonly<z.infer<typeof timeStepAcceptedV1>>;
export type MachineRetired = Readonly<z.infer<typeof machineRetiredV1>>;
export type HostKeyInstalled = Readonly<z.infer<typeof hostKeyInstalledV1>>;
