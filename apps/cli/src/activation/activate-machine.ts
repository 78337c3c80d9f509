import { setTimeout as delay } from 'node:timers/promises';
import type { ActivationAnswer, ActivationRequestPayload } from '@muster/contracts';
import { SECOND_MS, systemClock, toNumericDate } from '@muster/kernel';
import type { SigningKey } from '@muster/trust';
import { signActivationRequest } from '@muster/trust';
import type { HostApi } from '../api/host-api.js';
import { CliFailure } from '../failure/cli-failure.js';

/** What a machine asks for: all of the request but its moment. */
export type ActivationWish = Omit<ActivationRequestPayload, 'iat'>;

/** How long one request is repeated while the host says that a part is away: parts come back within seconds. */
const PATIENCE_MS = 30_000;
const RETRY_DEFAULT_SECONDS = 2;

/** `overloaded`, `unavailable`, `clock-skew`: the host itself says when to come back. A host that does not answer at all is not waited for. */
const retryAfterOf = (error: unknown): number | undefined =>
  error instanceof CliFailure && error.reason === 'unreachable' && error.problem !== undefined ? (error.problem.retryAfterSeconds ?? RETRY_DEFAULT_SECONDS) : undefined;

/**
 * Signs the wish as of now and submits it, again under the same request id while the host says to come back.
 *
 * @throws CliFailure what the host's last problem stands for
 */
export const activateMachine = async (api: HostApi, { key, wish, patienceMs = PATIENCE_MS }: { readonly key: SigningKey; readonly wish: ActivationWish; readonly patienceMs?: number }): Promise<ActivationAnswer> => {
  const giveUpAtMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await api.activate(await signActivationRequest({ key, payload: { ...wish, iat: toNumericDate(systemClock.nowMs()) } }));
    } catch (error) {
      const waitMs = (retryAfterOf(error) ?? Number.POSITIVE_INFINITY) * SECOND_MS;
      if (performance.now() + waitMs > giveUpAtMs) throw error;
      await delay(waitMs);
    }
  }
};
