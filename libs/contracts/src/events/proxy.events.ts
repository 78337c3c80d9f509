import { z } from 'zod';
import { base64url32, compactJws, dottedName, thumbprint, uuid } from '../formats.js';

const subject = { machine: thumbprint, product: dottedName, requestDigest: base64url32.describe('SHA-256 of the signed request, as it travels') };

/** A machine without a way to the authority left its installation request with the host, for whoever carries it there. It takes the place of an earlier one. */
export const proxyActivationRequestedV1 = z.strictObject({ ...subject, request: compactJws });

/** The authority's answer was handed back: the machine fetches its permanent lease from here. */
export const proxyActivationConfirmedV1 = z.strictObject({ ...subject, leaseId: uuid, lease: compactJws });
