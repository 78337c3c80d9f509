import { type CustomDecorator, SetMetadata } from '@nestjs/common';

/** Metadata key of `OpenRoute`, for the guard that obeys it. */
export const OPEN_ROUTE = Symbol('muster.open-route');

/** Needs no token, also where a guard denies everything by default. Stands here because the health routes need it, and no service declares those. */
export const OpenRoute = (): CustomDecorator<symbol> => SetMetadata(OPEN_ROUTE, true);
