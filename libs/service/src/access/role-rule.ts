import type { Role } from '@muster/contracts';
import { roles } from '@muster/contracts';

/** What a role may do beside what is its own: an operator and an auditor also look, and nothing is closed to an admin. */
const includes: Readonly<Record<Role, readonly Role[]>> = {
  viewer: ['viewer'],
  operator: ['operator', 'viewer'],
  auditor: ['auditor', 'viewer'],
  admin: roles,
};

/** Every role that may do what any of `named` may, in the order of the catalogue. */
export const rolesAllowed = (named: readonly Role[]): readonly Role[] => roles.filter((role) => includes[role].some((included) => named.includes(included)));
