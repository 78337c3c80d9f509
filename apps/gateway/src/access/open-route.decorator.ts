import { SetMetadata } from '@nestjs/common';

export const OPEN_ROUTE = Symbol('open route');

/** Needs no token. Every route without it does: access is denied by default. */
export const OpenRoute = () => SetMetadata(OPEN_ROUTE, true);
