import { z } from 'zod';
import { base64url32, compactJws, dottedName, thumbprint, uuid } from '../formats.js';

/** A machine without a way to the authority left its installation request with the host, for whoever carries it there. */
export const proxyActivationRequestedV1 = z.strictObject({ machine: thumbprint, product: dottedName, request: compactJws, contentDigest: base64url32 });

/** The authority's answer was handed back: the machine fetches its permanent lease from here. */
export const proxyActivationConfirmedV1 = z.strictObject({ machine: thumbprint, product: dottedName, leaseId: uuid, lease: compactJws });
