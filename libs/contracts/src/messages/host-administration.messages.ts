import { z } from 'zod';
import { MINUTE_SECONDS } from '@muster/kernel';
import { hostRetirementReasons, keyEnding, signingKeyChangeReasons } from '../events/host.events.js';
import { base64url32, compactJws, dottedName, instant, position, thumbprint } from '../formats.js';
import { hostConfirmationSchema } from '../http/authority.schemas.js';

/** For how long anybody may keep the host's published keys (`Cache-Control` of the JWKS): a key that signs is in every such copy by then. */
export const PUBLISHED_KEYS_MAX_AGE_SECONDS = 5 * MINUTE_SECONDS;

/** Who orders it: a pseudonym. */
const actor = z.string().max(64);

/** Whether it was recorded now; an order that was carried out before changes nothing. */
const recorded = { recorded: z.boolean(), position: position.describe('the head that the order was decided at, or where it is recorded') };

/** `POST /v1/host/keys`: the policies that the vendor signed for a host key. The key itself stays with whoever typed it. */
export const hostKeyOrderSchema = z.strictObject({ keyId: base64url32, keyEnding, policies: compactJws });
/** `muster.v1.host.install-key` */
export const installHostKeySchema = z.strictObject({ ...hostKeyOrderSchema.shape, actor });
export const hostKeyInstalledAnswerSchema = z.strictObject({ ...recorded, keyId: base64url32, keyEnding, policiesDigest: base64url32, organisation: dottedName, coversGroup: dottedName });

/** `POST /v1/host/confirmations`: what the authority answered; the host rebuilds its certificate from it. */
export const hostConfirmationOrderSchema = z.strictObject({ confirmation: hostConfirmationSchema });
/** `muster.v1.host.confirm` */
export const confirmHostActivationSchema = z.strictObject({ ...hostConfirmationOrderSchema.shape, actor });
export const hostConfirmedAnswerSchema = z.strictObject({ ...recorded, host: thumbprint, certificateDigest: base64url32, expiresAt: instant });

/** `POST /v1/host/retirements` */
export const hostRetirementOrderSchema = z.strictObject({ reason: z.enum(hostRetirementReasons) });
/** `muster.v1.host.retire` */
export const retireHostSchema = z.strictObject({ ...hostRetirementOrderSchema.shape, actor });
export const hostRetiredAnswerSchema = z.strictObject({ ...recorded, host: thumbprint });

/** `POST /v1/host/signing-keys`: the host key's word for another key. */
export const signingKeyOrderSchema = z.strictObject({ delegation: compactJws });
/** `muster.v1.host.announce-key` */
export const announceSigningKeySchema = z.strictObject({ ...signingKeyOrderSchema.shape, actor });
export const signingKeyAnnouncedAnswerSchema = z.strictObject({ ...recorded, kid: thumbprint, usableAt: instant.describe('when caches of the published keys have it too') });

/** `POST /v1/host/signing-key-changes` */
export const signingKeyChangeOrderSchema = z.strictObject({ kid: thumbprint, reason: z.enum(signingKeyChangeReasons) });
/** `muster.v1.host.change-key` */
export const changeSigningKeySchema = z.strictObject({ ...signingKeyChangeOrderSchema.shape, actor });
export const signingKeyChangedAnswerSchema = z.strictObject({ ...recorded, kid: thumbprint });

/** `POST /v1/revocations` */
export const revocationListOrderSchema = z.strictObject({ list: compactJws });
/** `muster.v1.host.install-revocations` */
export const installRevocationsSchema = z.strictObject({ ...revocationListOrderSchema.shape, actor });
export const revocationsInstalledAnswerSchema = z.strictObject({ ...recorded, sequence: z.int().positive() });

export type InstallHostKey = Readonly<z.infer<typeof installHostKeySchema>>;
export type HostKeyInstalledAnswer = Readonly<z.infer<typeof hostKeyInstalledAnswerSchema>>;
export type ConfirmHostActivation = Readonly<z.infer<typeof confirmHostActivationSchema>>;
export type HostConfirmedAnswer = Readonly<z.infer<typeof hostConfirmedAnswerSchema>>;
export type RetireHost = Readonly<z.infer<typeof retireHostSchema>>;
export type HostRetiredAnswer = Readonly<z.infer<typeof hostRetiredAnswerSchema>>;
export type AnnounceSigningKey = Readonly<z.infer<typeof announceSigningKeySchema>>;
export type SigningKeyAnnouncedAnswer = Readonly<z.infer<typeof signingKeyAnnouncedAnswerSchema>>;
export type ChangeSigningKey = Readonly<z.infer<typeof changeSigningKeySchema>>;
export type SigningKeyChangedAnswer = Readonly<z.infer<typeof signingKeyChangedAnswerSchema>>;
export type InstallRevocations = Readonly<z.infer<typeof installRevocationsSchema>>;
export type RevocationsInstalledAnswer = Readonly<z.infer<typeof revocationsInstalledAnswerSchema>>;
