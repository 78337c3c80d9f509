import type { HostState } from '@muster/domain';
import { keysToForget } from '@muster/domain';
import { HOUR_SECONDS, SECOND_MS } from '@muster/kernel';
import type { CheckResult, Log, ReadinessRegistry, ServiceClock } from '@muster/service';
import type { HostSigner } from './host-signer.js';
import { hostStanding } from './host-standing.js';
import type { SigningKeys } from './signing-keys.js';

/** Looking is a few comparisons in memory; a key that got out is to be gone at once. */
const LOOK_EVERY_MS = SECOND_MS;

/** What is wrong is said again, for whoever reads the log of the last hours only. */
const SAID_EVERY_MS = HOUR_SECONDS * SECOND_MS;

export interface HostWatchParts {
  /** Undefined while the ledger is not read yet. */
  readonly host: () => HostState | undefined;
  readonly signer: HostSigner;
  readonly keys: SigningKeys;
  readonly clock: ServiceClock;
  readonly readiness: ReadinessRegistry;
  readonly log: Log;
  readonly expectsCertificate: boolean;
}

export interface HostWatch {
  stop(): void;
}

/** Says on `/readyz` and in the log how the host stands, and removes private keys that must not sign any more. */
export const watchHost = ({ host, signer, keys, clock, readiness, log, expectsCertificate }: HostWatchParts): HostWatch => {
  const standing = async (): Promise<CheckResult> => {
    const state = host();
    if (state === undefined) return { status: 'down', detail: 'the ledger is not read yet' };
    return hostStanding({ host: state, objection: await signer.objection(state), nowMs: clock.nowMs(), expectsCertificate });
  };

  let said: { readonly detail: string | undefined; readonly atMs: number } | undefined;
  const say = ({ status, detail }: CheckResult): void => {
    if (status === 'up') return void (said = undefined);
    if (said !== undefined && said.detail === detail && performance.now() - said.atMs < SAID_EVERY_MS) return;
    said = { detail, atMs: performance.now() };
    log.warn({ standing: detail }, `host ${detail}`);
  };

  const forgotten = new Set<string>();
  const stuck = new Set<string>();
  const forgetKeys = async (state: HostState): Promise<void> => {
    for (const kid of keysToForget(state, clock.nowMs())) {
      if (forgotten.has(kid)) continue;
      try {
        await keys.forget(kid);
        forgotten.add(kid);
        log.info({ kid }, 'a private key that signs no more is removed');
      } catch (error) {
        if (!stuck.has(kid)) log.error({ err: error, kid }, 'the file of a private key that must not sign any more cannot be removed; remove it by hand');
        stuck.add(kid);
      }
    }
  };
  let looking = false;
  const look = async (): Promise<void> => {
    const state = host();
    if (state === undefined || looking) return;
    looking = true;
    try {
      await forgetKeys(state);
      say(await standing());
    } catch (error) {
      log.error({ err: error }, 'the standing of the host cannot be told');
    } finally {
      looking = false;
    }
  };

  const unregister = readiness.register('host', standing);
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      unregister();
    },
  };
};
