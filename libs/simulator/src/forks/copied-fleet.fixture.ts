import type { HostAddress, MachineState } from '@muster/client';
import type { ForkState } from '@muster/domain';
import { applyForkEvent, emptyForks } from '@muster/domain';
import { createChance } from '../chance/chance.js';
import { drawMoments } from '../chance/moments.js';
import { sdkLogic } from '../fleet/client-logic.js';
import type { SimulatedMachine } from '../fleet/simulated-machine.js';
import { createMachine, install } from '../fleet/simulated-machine.js';
import { awakeAt, nextAwakeMs } from '../fleet/waking-hours.js';
import { domainRules } from '../hosts/host-rules.js';
import { contact } from '../run/contact.js';
import { makeSites } from '../run/make-sites.js';
import { Statistics } from '../run/statistics.js';
import { createAgenda } from '../schedule/agenda.js';
import type { Span } from '../simulation-time.js';
import { DAY_MS, HOUR_MS, START_MS } from '../simulation-time.js';

export interface CopiedFleetOptions {
  readonly machines: number;
  readonly days: number;
  readonly seed: number;
  readonly hosts: number;
  /** Hours in which no host answers. */
  readonly outage?: { readonly fromHour: number; readonly toHour: number };
  readonly answersLost?: number;
  /** Of machines that got no answer, the share that loses what it had written down of the request too, and so makes a new one. */
  readonly wishesLost?: number;
  /** Machines are set back to what they were a day before, so often, until the given day. */
  readonly restores?: { readonly aYear: number; readonly untilDay: number };
  /** Machine 0 is copied, with its key and its lease. */
  readonly image?: { readonly copies: number; readonly onDay: number };
}

export interface CopiedFleet {
  /** By host, each with a ledger of its own. */
  readonly forks: ReadonlyMap<HostAddress, ForkState>;
  readonly events: number;
  readonly restored: number;
  readonly wishesLost: number;
  /** The lease that was in the image. */
  readonly imageLease: string | null;
  readonly machineId: string;
  readonly requests: Statistics['requests'];
}

type Item =
  | { readonly type: 'contact'; readonly machine: SimulatedMachine; readonly plan: number }
  | { readonly type: 'install' | 'restore'; readonly machine: SimulatedMachine }
  | { readonly type: 'copy' }
  | { readonly type: 'day'; readonly day: number };

/** Lives through the days of a fleet some of whose machines are restored or copied, with the fold of forks beside every ledger, which is looked at once a day. */
export const liveCopied = async (options: CopiedFleetOptions, look: (state: ForkState, day: number) => void = () => undefined): Promise<CopiedFleet> => {
  const { machines: count, days, seed, hosts, outage, answersLost = 0, wishesLost = 0, restores, image } = options;
  const run: Span = { fromMs: START_MS, toMs: START_MS + days * DAY_MS };
  const forks = new Map<HostAddress, ForkState>();
  const found = { events: 0, restored: 0, wishesLost: 0, imageLease: null as string | null };
  const outages = outage === undefined ? [] : [{ fromMs: START_MS + outage.fromHour * HOUR_MS, toMs: START_MS + outage.toHour * HOUR_MS }];
  const sites = await makeSites({
    ...{ seed, hosts, run, outages, rules: domainRules },
    onRecorded: (host, recorded) => {
      found.events += 1;
      forks.set(host, applyForkEvent(forks.get(host) ?? emptyForks(), recorded));
    },
  });
  const statistics = new Statistics(run);
  const parts = { logic: sdkLogic, sites: new Map(sites.map((site) => [site.host.name, site])), statistics, answersLost };
  const agenda = createAgenda<Item>();
  const backups = new Map<SimulatedMachine, MachineState>();
  const machines = Array.from({ length: count }, (_, index) => createMachine({ seed, index, run }));
  const [original] = machines as [SimulatedMachine];
  const mischief = createChance(seed, 'backups and images');

  const wake = (machine: SimulatedMachine, atMs: number): void => {
    machine.plan += 1;
    agenda.set(atMs, { type: 'contact', machine, plan: machine.plan });
  };
  const ask = (machine: SimulatedMachine, nowMs: number): void => {
    const sleeper = { seed, index: machine.index, habits: machine.habits };
    if (awakeAt(sleeper, nowMs) === undefined) {
      wake(machine, nextAwakeMs(sleeper, nowMs));
      return;
    }
    const nextMs = contact(machine, nowMs, parts);
    if (machine.state.wish !== null && mischief.happens(wishesLost)) {
      machine.state = { ...machine.state, wish: null };
      found.wishesLost += 1;
    }
    if (nextMs !== null) wake(machine, nextMs);
  };
  const restore = (machine: SimulatedMachine, nowMs: number): void => {
    const backup = backups.get(machine);
    if (backup === undefined) return;
    machine.state = backup;
    found.restored += 1;
    wake(machine, nowMs);
  };
  const copy = (nowMs: number): void => {
    found.imageLease = original.state.lease?.leaseId ?? null;
    for (let number = 1; number < (image?.copies ?? 0); number += 1) {
      const machine = createMachine({ seed, index: count + number, run });
      Object.assign(machine, { product: original.product, identity: original.identity, state: original.state, installedMs: nowMs });
      wake(machine, nowMs);
    }
  };
  const take = (item: Item, nowMs: number): void => {
    switch (item.type) {
      case 'contact':
        if (item.plan === item.machine.plan) ask(item.machine, nowMs);
        return;
      case 'install':
        install(item.machine, nowMs, 0);
        wake(item.machine, nowMs);
        return;
      case 'restore':
        restore(item.machine, nowMs);
        return;
      case 'copy':
        copy(nowMs);
        return;
      case 'day':
        for (const machine of machines) if (machine.installedMs < nowMs) backups.set(machine, machine.state);
        for (const state of forks.values()) look(state, item.day);
        agenda.set(nowMs + DAY_MS, { type: 'day', day: item.day + 1 });
        return;
      default:
        item satisfies never;
    }
  };

  for (const machine of machines) {
    agenda.set(machine.habits.startsMs, { type: 'install', machine });
    const within = { fromMs: START_MS, toMs: START_MS + (restores?.untilDay ?? 0) * DAY_MS };
    if (restores !== undefined) for (const atMs of drawMoments(mischief, { aYear: restores.aYear, within })) agenda.set(atMs, { type: 'restore', machine });
  }
  if (image !== undefined) agenda.set(START_MS + image.onDay * DAY_MS, { type: 'copy' });
  agenda.set(START_MS, { type: 'day', day: 0 });
  for (let next = agenda.next(run.toMs); next !== undefined; next = agenda.next(run.toMs)) take(next.item, next.atMs);
  return { ...found, forks, machineId: original.identity.id, requests: statistics.requests };
};
