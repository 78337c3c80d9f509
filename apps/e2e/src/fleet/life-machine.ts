import { join } from 'node:path';
import type { Contact, Discovery, HeldLease, HostAddress, Machine, VolumeContact } from '@muster/client';
import { nextAction, openMachine, openMachineDirectory } from '@muster/client';
import type { Clock } from '@muster/kernel';
import { seededDraws } from '@muster/testing';
import type { PublicJwk, SigningKey } from '@muster/trust';
import { WORKSTATION } from './wish.js';

export interface LifeMachineOptions {
  readonly dir: string;
  readonly name: string;
  /** As somebody named them, or told them later. */
  readonly hosts: readonly HostAddress[] | Discovery;
  readonly product?: string;
  readonly root: PublicJwk;
  readonly clock: Clock;
}

/** A machine with the real SDK and a directory of its own, which does what is due whenever somebody looks. */
export interface LifeMachine {
  readonly name: string;
  readonly id: string;
  readonly sdk: Machine;
  readonly key: SigningKey;
  /** Switched off it asks nothing; its lease runs on. */
  readonly on: boolean;
  /** Its last request that the host counted. */
  readonly lastSeenMs: number | undefined;
  /** Whether it was on and served at its last moment: then it comes to the next one in good health. */
  readonly onTime: boolean;
  switchOn(): void;
  switchOff(): void;
  /** When it means to ask next, 0 for at once; undefined while it does not. */
  dueMs(): number | undefined;
  lease(): HeldLease | null;
  /** The host that it keeps to. */
  remembered(): HostAddress | null;
  tick(): Promise<VolumeContact | undefined>;
  release(): Promise<VolumeContact | undefined>;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export const lifeMachine = async ({ dir, name, hosts, product = WORKSTATION, root, clock }: LifeMachineOptions): Promise<LifeMachine> => {
  const home = join(dir, name);
  const sdk = await openMachine({ dir: home, product, root, hosts, hostname: name, clock, draws: seededDraws(`life of ${name}`) });
  const directory = openMachineDirectory(home);
  const key = await directory.readKey();
  if (key === undefined) throw new Error(`${name} has no key`);
  // What it keeps on disk, which nobody else changes.
  let kept = directory.load(product);
  const standing: Pick<Mutable<LifeMachine>, 'on' | 'lastSeenMs' | 'onTime'> = { on: false, lastSeenMs: undefined, onTime: false };
  const took = (contact: Contact | undefined): VolumeContact | undefined => {
    if (contact === undefined) return undefined;
    if (contact.method !== 'volume') throw new Error(`${name} has no key of its own`);
    kept = contact.state;
    const { type } = contact.outcome.reply;
    if (type === 'granted' || type === 'deferred') standing.lastSeenMs = contact.atMs;
    standing.onTime = type === 'granted';
    return contact;
  };
  return {
    name,
    id: sdk.id,
    sdk,
    key,
    get on() {
      return standing.on;
    },
    get lastSeenMs() {
      return standing.lastSeenMs;
    },
    get onTime() {
      return standing.onTime;
    },
    switchOn: () => void (standing.on = true),
    switchOff: () => void Object.assign(standing, { on: false, onTime: false }),
    dueMs: () => {
      if (kept === undefined) return 0;
      const next = nextAction(kept, clock.nowMs());
      return next.type === 'wait' ? (next.untilMs ?? undefined) : 0;
    },
    lease: () => kept?.lease ?? null,
    remembered: () => kept?.host.remembered ?? null,
    tick: async () => took(await sdk.tick()),
    release: async () => took(await sdk.release()),
  };
};
