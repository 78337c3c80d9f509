import { z } from 'zod';
import { base64url32, compactJws, instant, thumbprint } from '../formats.js';
import { hostCertificateClaimsSchema } from '../host-certificate.js';

/** A host certificate takes effect at this position. Recorded only after its chain verified; `claims` are its payload. */
export const hostActivatedV1 = z.strictObject({
  host: thumbprint,
  certificate: compactJws,
  certificateDigest: base64url32,
  claims: hostCertificateClaimsSchema,
});

/** From here on the host serves nobody. */
export const hostRetiredV1 = z.strictObject({ host: thumbprint, reason: z.enum(['decommissioned', 'replaced', 'compromised']) });

/** The machine leaves every count at once. */
export const machineRetiredV1 = z.strictObject({ machine: thumbprint, reason: z.enum(['decommissioned', 'lost', 'reimaged', 'duplicate']) });

/** An operator let the ledger's time go forward by more than a clock is trusted to: `from` the head's `recordedAt` `to` this event's. */
export const timeStepAcceptedV1 = z.strictObject({ from: instant, to: instant });

export type HostActivated = Readonly<z.infer<typeof hostActivatedV1>>;
export type HostRetired = Readonly<z.infer<typeof hostRetiredV1>>;
export type TimeStepAccepted = Readonly<z.infer<typeof timeStepAcceptedV1>>;
export type MachineRetired = Readonly<z.infer<typeof machineRetiredV1>>;
