import { type CustomDecorator, SetMetadata } from '@nestjs/common';

/** Metadata key of `RepeatsPass`, for the guard that obeys it. */
export const REPEATS_PASS = Symbol('muster.repeats-pass');

/**
 * Takes signed requests, whose repeats are not limited: beyond the limit of its address a request goes on to its controller, which has to find out
 * whether it is one (`beyondAddressLimit` tells that it must). Any other route turns it away at the door.
 */
export const RepeatsPass = (): CustomDecorator<symbol> => SetMetadata(REPEATS_PASS, true);
