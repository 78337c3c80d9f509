import type { FirmwareEvidence, HardwareEvidence, PermanentLeaseClaims } from '@muster/contracts';
import type { Clock, Draws } from '@muster/kernel';
import type { SigningKey } from '@muster/trust';
import { digestOf } from '@muster/trust';
import type { InstallingState } from '../core/permanent/begin-installation.js';
import { beginInstallation } from '../core/permanent/begin-installation.js';
import { installKey, removeKey } from '../core/permanent/change-method.js';
import { applyPermanentLease } from '../core/permanent/evolve-permanent.js';
import type { InstallationWish, InstalledKey, PermanentState } from '../core/permanent/permanent-state.js';
import { leaseInUse } from '../core/permanent/wants-lease.js';
import type { HostAddress } from '../core/outcome.js';
import type { MachineDirectory } from '../directory/machine-directory.js';
import type { MeantFor } from '../shell/believe-lease.js';
import type { Transport } from '../shell/ports.js';
import type { ContactSearch } from '../shell/search-hosts.js';
import { parseAuthorityAddress } from './authority-address.js';
import { believePermanent, type PermanentBelief } from './believe-permanent.js';
import type { PermanentContact } from './permanent-contact.js';
import { contactForPermanent } from './permanent-contact.js';
import type { KeyRefused } from './read-key.js';
import { readProductKey } from './read-key.js';
import { signInstallation } from './sign-installation.js';

export type KeyInstallation =
  /** `reapplied`: the machine holds a permanent lease of this key already, and works by it again without asking anybody. */
  | { readonly installed: true; readonly key: InstalledKey; readonly reapplied: boolean }
  | ({ readonly installed: false } & KeyRefused);

/** What somebody else takes to the authority. */
export interface InstallationRequest {
  readonly machine: string;
  readonly product: string;
  readonly requestId: string;
  /** The signed request; no key is in it. */
  readonly request: string;
  /** SHA-256 of it, by which people tell it from others. */
  readonly digest: string;
}

export type LeaseHandedOver = { readonly applied: true; readonly claims: PermanentLeaseClaims } | { readonly applied: false; readonly reason: string; readonly detail: string };

export interface PermanentParts {
  readonly directory: MachineDirectory;
  readonly product: string;
  readonly key: SigningKey;
  readonly machine: { readonly hostname: string; readonly virtual: boolean };
  readonly hardware: () => HardwareEvidence;
  readonly evidence: () => FirmwareEvidence | undefined;
  readonly authority: () => HostAddress | undefined;
  readonly meantFor: () => Promise<MeantFor>;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly draws: Draws;
}

export interface LoadedPermanent {
  /** As kept, with a lease only if it is believed. */
  readonly state: PermanentState;
  readonly hardware: HardwareEvidence;
  /** Of the lease that is kept; undefined when there is none. */
  readonly belief: PermanentBelief | undefined;
}

/** One product's keys and permanent lease, on this machine. Whoever calls holds the lock of the directory, but for `load`. */
export interface PermanentPart {
  load(): Promise<LoadedPermanent>;
  /** By `host`: the one that the request was left with, where there is one, for no other has the answer. */
  ask(loaded: LoadedPermanent, way: 'independent' | 'host', search: ContactSearch): Promise<PermanentContact>;
  /** Leaves the request with a host: where it is already, or with the next that takes it. */
  leave(loaded: LoadedPermanent, search: ContactSearch): Promise<PermanentContact>;
  installKey(text: string): Promise<KeyInstallation>;
  /** The key that was there; null when there was none. */
  removeKey(): Promise<InstalledKey | null>;
  request(): Promise<InstallationRequest>;
  handOver(lease: string): Promise<LeaseHandedOver>;
}

export const permanentPart = (parts: PermanentParts): PermanentPart => {
  const { directory, product, key, machine, authority, transport, clock, draws } = parts;
  /** A lease that is not believed now, for a wrong root key or whatever else can be put right, is kept: only another lease takes its place. */
  const save = (state: PermanentState): void => directory.savePermanent(state.lease === null ? { ...state, lease: directory.loadPermanent(product).lease } : state);

  const load = async (): Promise<LoadedPermanent> => {
    const kept = directory.loadPermanent(product);
    const hardware = parts.hardware();
    if (kept.lease === null) return { state: kept, hardware, belief: undefined };
    const belief = await believePermanent(kept.lease.token, await parts.meantFor(), [kept.lease.hardware]);
    const { keyId } = kept.lease;
    return { state: { ...kept, lease: belief.believed ? { ...belief.lease, keyId, hardware: belief.hardware } : null }, hardware, belief };
  };
  const begin = ({ state, hardware }: Pick<LoadedPermanent, 'state' | 'hardware'>, way: InstallationWish['way']) =>
    beginInstallation(state, { nowMs: clock.nowMs(), draws, hardware, virtual: machine.virtual, evidence: parts.evidence(), way });
  const common = async () => ({ key, meantFor: await parts.meantFor(), transport, clock, draws, save });
  const askAuthority = async (installing: InstallingState): Promise<PermanentContact> => {
    const text = installing.key === null ? undefined : directory.readActivationKey(installing.key.keyId);
    const named = authority();
    const address = named === undefined ? undefined : parseAuthorityAddress(named);
    const addresses = text === undefined || address === undefined ? [] : [address];
    const without = named === undefined ? "no authority is known: name the vendor's" : `the key is not sent to ${named}: it is to be an https address`;
    const nobody = text === undefined ? 'the key is not kept here: install it again' : without;
    return contactForPermanent(installing, { ...(await common()), exchange: (request) => ({ type: 'machine-activation', key: text ?? '', request }), addresses, nobody });
  };
  const askHosts = async (installing: InstallingState, { search, moves }: { readonly search: ContactSearch; readonly moves: boolean }): Promise<PermanentContact> => {
    const hosts = await search.all();
    const keeper = hosts.filter((host) => host === installing.leftWith);
    const addresses = keeper.length > 0 && !moves ? keeper : [...new Set([...keeper, ...hosts])];
    const { hostname } = machine;
    return contactForPermanent(installing, { ...(await common()), exchange: (request) => ({ type: 'installation-request', request, hostname }), addresses, search, nobody: search.nobody() });
  };
  return {
    load,
    ask: (loaded, way, search) => (way === 'independent' ? askAuthority(begin(loaded, way)) : askHosts(begin(loaded, way), { search, moves: false })),
    leave: (loaded, search) => askHosts(begin(loaded, 'host'), { search, moves: true }),
    installKey: async (text) => {
      const read = readProductKey(text, { root: (await parts.meantFor()).root, product });
      if (!read.read) return { installed: false, ...read.refused };
      // The key first: a state never names one that is not there.
      if (read.key.kind === 'multiple') directory.keepActivationKey(read.key.keyId, read.key.key);
      const { state, hardware } = await load();
      const next = installKey(state, read.installed);
      save(next);
      directory.forgetUnusedKeys();
      return { installed: true, key: read.installed, reapplied: leaseInUse(next, hardware)?.keyId === read.installed.keyId };
    },
    removeKey: async () => {
      const { state } = await load();
      save(removeKey(state));
      directory.forgetUnusedKeys();
      return state.key;
    },
    request: async () => {
      const installing = begin(await load(), 'file');
      save(installing);
      const request = await signInstallation(installing.wish, { key, product });
      return { machine: key.id, product, requestId: installing.wish.requestId, request, digest: digestOf(request) };
    },
    handOver: async (lease) => {
      const { state, hardware } = await load();
      const kept = directory.loadPermanent(product).lease?.hardware;
      const known = [...(state.wish === null ? [] : [state.wish.hardware]), ...(kept === undefined ? [] : [kept]), hardware];
      const belief = await believePermanent(lease.trim(), await parts.meantFor(), known);
      if (!belief.believed) return { applied: false, reason: belief.reason, detail: belief.detail };
      save(applyPermanentLease(state, belief.lease, belief.hardware));
      return { applied: true, claims: belief.claims };
    },
  };
};
