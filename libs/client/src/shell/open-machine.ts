import { hostname as systemHostname } from 'node:os';
import { systemClock, systemDraws } from '@muster/kernel';
import { isEnrolmentToken, proveEnrolment } from '@muster/trust';
import type { MachineState, WishKind } from '../core/machine-state.js';
import { judgedNowMs, observeTime } from '../core/machine-time.js';
import { newMachineState } from '../core/new-machine-state.js';
import { nextAction } from '../core/next-action.js';
import type { HostAddress } from '../core/outcome.js';
import { nextInstallation } from '../core/permanent/next-installation.js';
import type { ProductStatus } from '../core/permanent/product-status.js';
import { productStatusOf } from '../core/permanent/product-status.js';
import { leaseInUse } from '../core/permanent/wants-lease.js';
import { ifUnlocked, withLock } from '../directory/directory-lock.js';
import { openMachineDirectory } from '../directory/machine-directory.js';
import { hardwareEvidenceOf } from '../hardware/hardware-evidence.js';
import { readHardwareFacts } from '../hardware/hardware-facts.js';
import { type LoadedPermanent, permanentPart } from '../permanent/permanent-part.js';
import { knownRevocations } from '../revocations/known-revocations.js';
import { believeLease, type MeantFor } from './believe-lease.js';
import type { VolumeContact } from './contact.js';
import { contactHosts } from './contact.js';
import { httpTransport } from './http-transport.js';
import type { Contact, Machine, MachineOptions, Verification } from './machine.js';
import type { Discovery } from './ports.js';
import { givenHosts } from './ports.js';
import { runMachine } from './run-machine.js';
import { type ContactSearch, searchHosts } from './search-hosts.js';
import type { Shown } from './shown.js';

const isDiscovery = (hosts: readonly HostAddress[] | Discovery): hosts is Discovery => 'hosts' in hosts;

interface Loaded {
  readonly state: MachineState;
  readonly disbelief: string | undefined;
}

/** Opens a machine, with a key of its own from its first use on. @throws Error when the directory cannot be used, or `enrolment` is no token */
export const openMachine = async (options: MachineOptions): Promise<Machine> => {
  const { dir, product, root, hosts = [], authority, hostname = systemHostname(), virtual = false, thresholds = {} } = options;
  const discovery = isDiscovery(hosts) ? hosts : givenHosts(hosts);
  const { transport = httpTransport({ addressesOf: discovery.addressesOf }), clock = systemClock, draws = systemDraws } = options;
  const directory = openMachineDirectory(dir);
  const key = await withLock((directory.prepare(), dir), () => directory.ensureKey());
  const { evidence = () => undefined, enrolment } = options;
  if (enrolment !== undefined && !isEnrolmentToken(enrolment)) throw new Error('not an enrolment token: muster_enrol_ and 43 characters are expected');
  const { hardware = () => hardwareEvidenceOf(key.id, readHardwareFacts()) } = options;
  const revocations = knownRevocations({ directory, root, transport, clock });
  const meantFor = async (): Promise<MeantFor> => ({ root, machine: key.id, product, revocations: await revocations.inForce() });
  const search = (remembered: HostAddress | null = null): ContactSearch =>
    searchHosts(discovery, { remembered, root, revocations: () => revocations.inForce(), memory: directory, transport, clock, draws });
  const authorityNow = typeof authority === 'function' ? authority : () => authority;
  const permanent = permanentPart({ directory, product, key, machine: { hostname, virtual }, hardware, evidence, authority: authorityNow, meantFor, transport, clock, draws });

  const shown = (): Shown => {
    const found = evidence();
    return { ...(found === undefined ? {} : { evidence: found }), ...(enrolment === undefined ? {} : { enrolment: proveEnrolment(enrolment, key.id) }) };
  };

  /** What is kept, with a lease read from its signed token alone: nobody extends a lease with an editor. */
  const load = async (): Promise<Loaded> => {
    const kept = directory.load(product) ?? newMachineState(product);
    if (kept.lease === null) return { state: kept, disbelief: undefined };
    const belief = await believeLease(kept.lease.token, await meantFor());
    return belief.believed ? { state: { ...kept, lease: belief.lease }, disbelief: undefined } : { state: { ...kept, lease: null }, disbelief: belief.detail };
  };

  const byVolume = async (state: MachineState, searching: ContactSearch, kind?: WishKind): Promise<VolumeContact> =>
    contactHosts(state, {
      ...(kind === undefined ? {} : { kind }),
      search: searching,
      key,
      machine: { hostname, virtual },
      shown: shown(),
      meantFor: await meantFor(),
      transport,
      clock,
      draws,
      save: (next) => directory.save(next),
    });

  /** Whoever is on line anyway learns what the vendor took back since. */
  const thenRefresh = async <T>(contacted: T, searching: () => ContactSearch = search): Promise<T> => {
    await revocations.refresh({ authority: authorityNow(), search: searching });
    return contacted;
  };

  const askForGood = async (loaded: LoadedPermanent, way: 'independent' | 'host'): Promise<Contact> => {
    const searching = search();
    return thenRefresh(await permanent.ask(loaded, way, searching), () => searching);
  };

  const askByVolume = async (state: MachineState, kind?: WishKind): Promise<Contact> => {
    const searching = search(state.host.remembered);
    return thenRefresh(await byVolume(state, searching, kind), () => searching);
  };

  const ask = async (volumeKind: (state: MachineState) => WishKind): Promise<Contact> => {
    const loaded = await permanent.load();
    if (loaded.state.method === 'multiple') return askForGood(loaded, loaded.state.key === null ? 'host' : 'independent');
    const { state } = await load();
    return askByVolume(state, volumeKind(state));
  };

  /** What was left with a host may have its answer: whoever asks now is not told to wait for the next look. */
  const fetchPermanent = async (): Promise<Contact | undefined> => {
    const loaded = await permanent.load();
    if (loaded.state.method === 'multiple' || loaded.state.wish?.way !== 'host') return undefined;
    const searching = search();
    const fetched = await permanent.ask(loaded, 'host', searching);
    return fetched.outcome.reply.type === 'granted' ? thenRefresh(fetched, () => searching) : undefined;
  };

  const status = async (): Promise<ProductStatus> => {
    const [{ state, disbelief }, kept] = [await load(), await permanent.load()];
    const nowMs = clock.nowMs();
    if (observeTime(state, nowMs) !== state) {
      ifUnlocked(dir, () => {
        const mine = directory.load(product);
        if (mine !== undefined) directory.save(observeTime(mine, nowMs));
      });
    }
    const judged = productStatusOf(kept.state, { volume: state, hardware: kept.hardware, nowMs, thresholds });
    const doubt = kept.state.method === 'multiple' ? (kept.belief?.believed === false ? kept.belief.detail : undefined) : disbelief;
    if (doubt === undefined || judged.status !== 'unlicensed') return judged;
    return { ...judged, reason: 'lease-not-believed', whatToDo: `Activate the machine again: the lease kept here is not believed (${doubt}).` };
  };

  const verifyVolume = async (): Promise<Verification> => {
    const { state } = await load();
    const kept = directory.load(product)?.lease ?? null;
    if (kept === null) return { verified: false, reason: 'no-lease', detail: 'the machine holds no lease' };
    const belief = await believeLease(kept.token, await meantFor());
    if (!belief.believed) return { verified: false, reason: belief.reason, detail: belief.detail };
    if (judgedNowMs(state, clock.nowMs()) >= belief.lease.expiresAtMs) return { verified: false, reason: 'expired', detail: 'the lease is past its end' };
    const { claims, certificate } = belief.verified;
    return { verified: true, permanent: false, claims, certificate };
  };

  const machine: Machine = {
    id: key.id,
    activate: () => withLock(dir, async () => (await fetchPermanent()) ?? ask(() => 'activation')),
    renew: () => withLock(dir, () => ask((state) => (state.lease !== null && judgedNowMs(state, clock.nowMs()) < state.lease.expiresAtMs ? 'renewal' : 'activation'))),
    release: () =>
      withLock(dir, async () => {
        const { state } = await load();
        return state.lease === null ? undefined : byVolume(state, search(state.host.remembered), 'release');
      }),
    status,
    verify: async () => {
      const { state, hardware: now, belief } = await permanent.load();
      if (state.method === 'volume' || belief === undefined) return verifyVolume();
      if (!belief.believed) return { verified: false, reason: belief.reason, detail: belief.detail };
      if (leaseInUse(state, now) === null) return { verified: false, reason: 'hardware-changed', detail: 'more than half of the hardware is not what the lease was drawn for' };
      return { verified: true, permanent: true, claims: belief.claims };
    },
    installKey: (text) => withLock(dir, () => permanent.installKey(text)),
    removeKey: () => withLock(dir, () => permanent.removeKey()),
    installationRequest: () => withLock(dir, () => permanent.request()),
    leaveRequest: () => withLock(dir, async () => permanent.leave(await permanent.load(), search())),
    confirm: (lease) => withLock(dir, () => permanent.handOver(lease)),
    tick: () =>
      withLock(dir, async () => {
        const loaded = await permanent.load();
        const next = nextInstallation(loaded.state, { nowMs: clock.nowMs(), hardware: loaded.hardware });
        if (next.type === 'ask') return askForGood(loaded, next.way);
        if (loaded.state.method === 'multiple') return thenRefresh(undefined);
        const { state } = await load();
        return nextAction(state, clock.nowMs()).type === 'wait' ? thenRefresh(undefined) : askByVolume(state);
      }),
    run: (runOptions) => runMachine(machine, runOptions),
  };
  return machine;
};
