import { z } from 'zod';
import { base64url32, instant, thumbprint, uuid } from '../formats.js';

/** Who may do what: a viewer looks, an operator also acts on machines, an auditor reads all of the ledger, an admin does everything. */
export const roles = ['viewer', 'operator', 'auditor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** A bearer token was made. Only its hash is kept; who it is for is personal data and stands in the side table. */
export const accessTokenCreatedV1 = z.strictObject({ tokenId: uuid, role: z.enum(roles), tokenHash: base64url32, expiresAt: instant.nullable() });

export const accessTokenRevokedV1 = z.strictObject({ tokenId: uuid });

/** A token by which machines enrol, where only enrolled machines count. Only its public half is kept: who reads the ledger cannot enrol. */
export const enrolmentTokenCreatedV1 = z.strictObject({ tokenId: uuid, tokenKey: base64url32, maximumUses: z.int().positive().max(1_000_000), expiresAt: instant });

export const enrolmentTokenRevokedV1 = z.strictObject({ tokenId: uuid });

/** The machine counts from its next seen request on, this one included. */
export const machineEnrolledV1 = z.strictObject({ machine: thumbprint, tokenId: uuid });
