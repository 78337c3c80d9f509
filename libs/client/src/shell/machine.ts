import { hostname as systemHostname } from 'node:os';
import type { Clock, Draws } from '@muster/kernel';
import { systemClock, systemDraws } from '@muster/kernel';
import type { HostCertificateClaims, LeaseClaims } from '@muster/contracts';
import type { PublicJwk } from '@muster/trust';
import type { MachineState, WishKind } from '../core/machine-state.js';
import { judgedNowMs, observeTime } from '../core/machine-time.js';
import { newMachineState } from '../core/new-machine-state.js';
import { nextAction } from '../core/next-action.js';
import type { HostAddress } from '../core/outcome.js';
import type { WarningThresholds } from '../core/policy.js';
import type { MachineStatus } from '../core/status.js';
import { statusOf } from '../core/status.js';
import { ifUnlocked, withLock } from '../directory/directory-lock.js';
import { openMachineDirectory } from '../directory/machine-directory.js';
import { believeLease } from './believe-lease.js';
import type { Contact } from './contact.js';
import { contactHosts } from './contact.js';
import { httpTransport } from './http-transport.js';
import type { Discovery, Transport } from './ports.js';
import { givenHosts } from './ports.js';
import type { RunOptions } from './run-machine.js';
import { runMachine } from './run-machine.js';

export interface MachineOptions {
  /** Where the machine's key and leases are kept; only its owner may read there. */
  readonly dir: string;
  readonly product: string;
  /** The vendor's root key, pinned in the product: whatever does not chain to it is not believed. */
  readonly root: PublicJwk;
  readonly hosts?: readonly HostAddress[] | Discovery;
  /** Shown to the host's operator; the system's when not given. */
  readonly hostname?: string;
  readonly virtual?: boolean;
  readonly thresholds?: WarningThresholds;
  readonly transport?: Transport;
  readonly clock?: Clock;
  readonly draws?: Draws;
}

export type Verification =
  | { readonly verified: true; readonly claims: LeaseClaims; readonly certificate: HostCertificateClaims }
  /** `no-lease`, `expired`, or why the token is not believed. */
  | { readonly verified: false; readonly reason: string; readonly detail: string };

/** One product on one machine. All times that it goes by are the clock's, and never earlier than one that it has seen. */
export interface Machine {
  /** Thumbprint of the machine's key. */
  readonly id: string;
  /** Asks for a lease now, whatever the schedule says. */
  activate(): Promise<Contact>;
  /** Renews the lease now; without one that can be renewed it asks for a new one. */
  renew(): Promise<Contact>;
  /** Gives the lease back; the machine then asks for none until `activate`. Undefined when it holds none. */
  release(): Promise<Contact | undefined>;
  /** Without asking any host. */
  status(): Promise<MachineStatus>;
  /** Whether the lease is good now, offline. */
  verify(): Promise<Verification>;
  /** Does what is due; undefined when nothing is. */
  tick(): Promise<Contact | undefined>;
  /** Does what is due, when it is due, until the signal. */
  run(options: RunOptions): Promise<void>;
}

const isDiscovery = (hosts: readonly HostAddress[] | Discovery): hosts is Discovery => 'hosts' in hosts;

/** Opens a machine, with a key of its own from its first use on. @throws Error when the directory cannot be used */
export const openMachine = async (options: MachineOptions): Promise<Machine> => {
  const { dir, product, root, hosts = [], hostname = systemHostname(), virtual = false, thresholds = {} } = options;
  const { transport = httpTransport(), clock = systemClock, draws = systemDraws } = options;
  const directory = openMachineDirectory(dir);
  const key = await withLock((directory.prepare(), dir), () => directory.ensureKey());
  const meantFor = { root, machine: key.id, product };
  const discovery = isDiscovery(hosts) ? hosts : givenHosts(hosts);

  /** What is kept, with a lease read from its signed token alone: nobody extends a lease with an editor. */
  const load = async (): Promise<{ readonly state: MachineState; readonly disbelief: string | undefined }> => {
    const kept = directory.load(product) ?? newMachineState(product);
    if (kept.lease === null) return { state: kept, disbelief: undefined };
    const belief = await believeLease(kept.lease.token, meantFor);
    return belief.believed ? { state: { ...kept, lease: belief.lease }, disbelief: undefined } : { state: { ...kept, lease: null }, disbelief: belief.detail };
  };

  const contact = async (state: MachineState, kind?: WishKind): Promise<Contact> =>
    contactHosts(state, {
      ...(kind === undefined ? {} : { kind }),
      hosts: await discovery.hosts(),
      key,
      machine: { hostname, virtual },
      meantFor,
      transport,
      clock,
      draws,
      save: (next) => directory.save(next),
    });

  const status = async (): Promise<MachineStatus> => {
    const { state, disbelief } = await load();
    const nowMs = clock.nowMs();
    if (observeTime(state, nowMs) !== state) {
      ifUnlocked(dir, () => {
        const kept = directory.load(product);
        if (kept !== undefined) directory.save(observeTime(kept, nowMs));
      });
    }
    const judged = statusOf(state, nowMs, thresholds);
    return disbelief === undefined ? judged : { ...judged, reason: 'lease-not-believed', whatToDo: `Activate the machine again: the lease kept here is not believed (${disbelief}).` };
  };

  const machine: Machine = {
    id: key.id,
    activate: () => withLock(dir, async () => contact((await load()).state, 'activation')),
    renew: () =>
      withLock(dir, async () => {
        const { state } = await load();
        const renewable = state.lease !== null && judgedNowMs(state, clock.nowMs()) < state.lease.expiresAtMs;
        return contact(state, renewable ? 'renewal' : 'activation');
      }),
    release: () =>
      withLock(dir, async () => {
        const { state } = await load();
        return state.lease === null ? undefined : contact(state, 'release');
      }),
    status,
    verify: async () => {
      const { state } = await load();
      const kept = directory.load(product)?.lease ?? null;
      if (kept === null) return { verified: false, reason: 'no-lease', detail: 'the machine holds no lease' };
      const belief = await believeLease(kept.token, meantFor);
      if (!belief.believed) return { verified: false, reason: belief.reason, detail: belief.detail };
      if (judgedNowMs(state, clock.nowMs()) >= belief.lease.expiresAtMs) return { verified: false, reason: 'expired', detail: 'the lease is past its end' };
      return { verified: true, ...belief.verified };
    },
    tick: () =>
      withLock(dir, async () => {
        const { state } = await load();
        return nextAction(state, clock.nowMs()).type === 'wait' ? undefined : contact(state);
      }),
    run: (runOptions) => runMachine(machine, runOptions),
  };
  return machine;
};
