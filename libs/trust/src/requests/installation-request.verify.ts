import { createHash } from 'node:crypto';
import { canonicalJson, installationRequestHeaderSchema, installationRequestPayloadSchema } from '@muster/contracts';
import type { InstallationRequestPayload } from '@muster/contracts';
import type { VerifiedRequest } from './machine-request.verify.js';
import { verifyRequest } from './machine-request.verify.js';

/** Base64url SHA-256 over what a permanent lease is decided by: not the moment, nor the request's id. */
const digest = ({ product, machine, hardware, evidence }: InstallationRequestPayload): string =>
  createHash('sha256')
    .update(canonicalJson({ kind: 'installation', product, virtual: machine.virtual, hardware, evidence: evidence ?? null }))
    .digest('base64url');

const kind = { headerSchema: installationRequestHeaderSchema, payloadSchema: installationRequestPayloadSchema, digest };

/**
 * Verifies a machine's request for a permanent lease; it travels in files, so that its age says nothing.
 *
 * @throws Problem `malformed-request` (extension `pointer`: the failing member) or `signature-invalid`
 */
export const verifyInstallationRequest = (token: string | Uint8Array): Promise<VerifiedRequest<InstallationRequestPayload>> => verifyRequest(token, kind);
