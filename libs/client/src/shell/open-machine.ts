import { hostname as systemHostname } from 'node:os';
import { systemClock, systemDraws } from '@muster/kernel';
import { isEnrolmentToken, proveEnrolment } from '@muster/trust';
import type { MachineState, WishKind } from '../core/machine-state.js';
import { judgedNowMs, observeTime } from '../core/machine-time.js';
import { newMachineState } from '../core/new-machine-state.js';
import { nextAction } from '../core/next-action.js';
import type { HostAddress } from '../core/outcome.js';
import type { MachineStatus } from '../core/status.js';
import { statusOf } from '../core/status.js';
import { ifUnlocked, withLock } from '../directory/directory-lock.js';
import { openMachineDirectory } from '../directory/machine-directory.js';
import { believeLease } from './believe-lease.js';
import type { Contact } from './contact.js';
import { contactHosts } from './contact.js';
import { httpTransport } from './http-transport.js';
import type { Machine, MachineOptions } from './machine.js';
import type { Discovery } from './ports.js';
import { givenHosts } from './ports.js';
import { runMachine } from './run-machine.js';
import type { Shown } from './shown.js';

const isDiscovery = (hosts: readonly HostAddress[] | Discovery): hosts is Discovery => 'hosts' in hosts;

/** Opens a machine, with a key of its own from its first use on. @throws Error when the directory cannot be used, or `enrolment` is no token */
export const openMachine = async (options: MachineOptions): Promise<Machine> => {
  const { dir, product, root, hosts = [], hostname = systemHostname(), virtual = false, thresholds = {} } = options;
  const { evidence = () => undefined, enrolment } = options;
  if (enrolment !== undefined && !isEnrolmentToken(enrolment)) throw new Error('not an enrolment token: E- and 43 characters are expected');
  const { transport = httpTransport(), clock = systemClock, draws = systemDraws } = options;
  const directory = openMachineDirectory(dir);
  const key = await withLock((directory.prepare(), dir), () => directory.ensureKey());
  const meantFor = { root, machine: key.id, product };
  const discovery = isDiscovery(hosts) ? hosts : givenHosts(hosts);

  const shown = (): Shown => {
    const found = evidence();
    return { ...(found === undefined ? {} : { evidence: found }), ...(enrolment === undefined ? {} : { enrolment: proveEnrolment(enrolment, key.id) }) };
  };

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
      shown: shown(),
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
