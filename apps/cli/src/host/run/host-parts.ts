import type { Part, Supervised } from '@muster/devstack';
import type { PartKind, RunningPart } from '../../data-dir/run-file.js';

/** A supervised part of the host. */
export interface HostPart {
  readonly name: string;
  readonly kind: PartKind;
  readonly port: number;
  readonly supervised: Supervised<Part>;
}

/** No new requests, then what is under way is finished; what everything stands on goes last. The registrar outlives the gateway, whose last word is that it stops. */
const STOP_ORDER: readonly PartKind[] = ['gateway', 'authority', 'dns-registrar', 'activation', 'lease-renewal', 'counting', 'nats', 'postgres'];

/** In the order of the picture, not in the one in which they happened to come up. */
const byStartOrder = (a: HostPart, b: HostPart): number => STOP_ORDER.indexOf(b.kind) - STOP_ORDER.indexOf(a.kind) || a.name.localeCompare(b.name);

/** The parts that were started, to be listed and stopped. */
export interface HostParts {
  add(part: HostPart): void;
  /** Those that run at this moment. */
  running(): readonly RunningPart[];
  /** Stops all parts in order, whatever happens to any one; rejects with the first failure. */
  stop(): Promise<void>;
}

export const hostParts = (): HostParts => {
  const parts: HostPart[] = [];
  return {
    add: (part) => void parts.push(part),
    running: () =>
      [...parts].sort(byStartOrder).flatMap(({ name, kind, port, supervised }) => {
        const current = supervised.current();
        return current === undefined ? [] : [{ name, kind, pid: current.pid, port }];
      }),
    stop: async () => {
      const failures: unknown[] = [];
      for (const kind of STOP_ORDER) {
        const stops = parts.filter((part) => part.kind === kind).map(({ supervised }) => supervised.stop());
        for (const result of await Promise.allSettled(stops)) if (result.status === 'rejected') failures.push(result.reason);
      }
      if (failures.length > 0) throw failures[0];
    },
  };
};
