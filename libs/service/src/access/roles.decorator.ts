import type { Role } from '@muster/contracts';
import { type CustomDecorator, SetMetadata } from '@nestjs/common';

/** Metadata key of `Roles`, for the guard that obeys it. */
export const ROLES = Symbol('muster.roles');

/**
 * Needs a token of one of these roles, or of one that includes it: `viewer` admits every role, `operator` admits admins too, and so on.
 * A route that says neither this nor `OpenRoute` keeps its app from starting.
 */
export const Roles = (...named: readonly [Role, ...Role[]]): CustomDecorator<symbol> => SetMetadata(ROLES, named);
