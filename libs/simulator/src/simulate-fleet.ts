import type { LicenceStatus } from '@muster/client';
import { standingOf } from '@muster/domain';
import { unitOf } from './chance/chance.js';
import type { ClientLogic } from './fleet/client-logic.js';
import { sdkLogic } from './fleet/client-logic.js';
import type { SimulatedMachine } from './fleet/simulated-machine.js';
import { createMachine, install } from './fleet/simulated-machine.js';
import { awakeAt, nextAwakeMs } from './fleet/waking-hours.js';
import type { HostRules } from './hosts/host-rules.js';
import { domainRules } from './hosts/host-rules.js';
import { BOOT_MS_MAX, RecoveryChecks } from './invariants/recovery.checks.js';
import type { WatchedSite } from './invariants/recovery.checks.js';
import { ReserveChecks } from './invariants/reserve.checks.js';
import { InvariantViolation } from './invariants/violation.js';
import type { HostFigures, SimulationReport } from './report.js';
import { contact } from './run/contact.js';
import { intervalsOf, makeSites } from './run/make-sites.js';
import type { OutageHours } from './run/outage-figures.js';
import { OutageWatch } from './run/outage-figures.js';
import { Statistics } from './run/statistics.js';
import { createAgenda } from './schedule/agenda.js';
import type { Span } from './simulation-time.js';
import { DAY_MS, HOUR_MS, START_MS } from './simulation-time.js';

export interface SimulationProgress {
  readonly steps: number;
  readonly day: number;
  readonly days: number;
}

export interface SimulationOptions {
  readonly machines: number;
  readonly days: number;
  /** Everything random comes from it: a whole number below 2^32. */
  readonly seed: number;
  /** Hosts of the organisation, each with its own count. */
  readonly hosts?: number;
  /** When no host answers, in hours from the beginning. */
  readonly outages?: readonly OutageHours[];
  /** Put in the place of the real functions, to see that a wrong one is caught. */
  readonly rules?: Partial<HostRules>;
  readonly client?: Partial<ClientLogic>;
  /** Once a simulated day. */
  readonly onProgress?: (progress: SimulationProgress) => void;
}

type Item =
  /** `plan` tells whether the machine has planned anew since. */
  | { readonly type: 'contact'; readonly machine: SimulatedMachine; readonly plan: number }
  | { readonly type: 'watch'; readonly machine: SimulatedMachine; readonly leaseId: string }
  | { readonly type: 'install'; readonly machine: SimulatedMachine; readonly image: number }
  | { readonly type: 'hour'; readonly hour: number };

const HOSTS_DEFAULT = 2;
const HOURS_A_DAY = 24;

/** Half of the re-imaged machines are reported to an administrator, who retires the old identity; the others age out. */
const REPORTED_REIMAGES = 0.5;

const spanOf = ({ fromHour, toHour }: OutageHours): Span => ({ fromMs: START_MS + fromHour * HOUR_MS, toMs: START_MS + toHour * HOUR_MS });

/** One run. Each step is one item of the agenda; what must hold is looked at after every one. */
class FleetRun {
  readonly #options: SimulationOptions;
  readonly #run: Span;
  readonly #sites: readonly WatchedSite[];
  readonly #parts: Parameters<typeof contact>[2];
  readonly #machines: readonly SimulatedMachine[];
  readonly #agenda = createAgenda<Item>();
  readonly #statistics: Statistics;
  readonly #reserve: ReserveChecks;
  readonly #recovery: RecoveryChecks;
  readonly #outages: readonly OutageWatch[];
  #steps = 0;
  #reimaged = 0;

  constructor(options: SimulationOptions, { run, sites }: { readonly run: Span; readonly sites: readonly WatchedSite[] }) {
    const { machines, seed, outages = [], client = {} } = options;
    const { renewAfterSeconds, retryAfterSeconds } = intervalsOf(sites);
    this.#options = options;
    this.#run = run;
    this.#sites = sites;
    this.#statistics = new Statistics(run);
    this.#parts = { logic: { ...sdkLogic, ...client }, sites: new Map(sites.map((site) => [site.host.name, site])), statistics: this.#statistics };
    this.#reserve = new ReserveChecks(renewAfterSeconds);
    this.#recovery = new RecoveryChecks(sites, retryAfterSeconds);
    this.#outages = outages.map((hours) => new OutageWatch(hours, spanOf(hours)));
    this.#machines = Array.from({ length: machines }, (_, index) => createMachine({ seed, index, run }));
    for (const machine of this.#machines) this.#agenda.set(machine.habits.startsMs, { type: 'install', machine, image: 0 });
    this.#agenda.set(run.fromMs, { type: 'hour', hour: 0 });
  }

  /** @throws InvariantViolation with the step */
  through(): SimulationReport {
    const { toMs } = this.#run;
    for (let next = this.#agenda.next(toMs); next !== undefined; next = this.#agenda.next(toMs)) {
      const { atMs, item } = next;
      this.#steps += 1;
      try {
        this.#take(item, atMs);
        const newDay = item.type === 'hour' && item.hour % HOURS_A_DAY === 0;
        for (const { checks } of this.#sites) checks.compareCounts(atMs, newDay);
      } catch (error) {
        throw error instanceof InvariantViolation ? error.at({ seed: this.#options.seed, step: this.#steps, atMs }) : error;
      }
    }
    return this.#report();
  }

  #take(item: Item, nowMs: number): void {
    switch (item.type) {
      case 'contact':
        if (item.plan === item.machine.plan) this.#contact(item.machine, nowMs);
        return;
      case 'watch':
        this.#reserve.watch(item.machine, item.leaseId, nowMs);
        return;
      case 'install':
        this.#install(item.machine, item.image, nowMs);
        return;
      case 'hour':
        this.#everyHour(item.hour, nowMs);
        return;
      default:
        item satisfies never;
    }
  }

  #wake(machine: SimulatedMachine, atMs: number): void {
    machine.plan += 1;
    this.#agenda.set(atMs, { type: 'contact', machine, plan: machine.plan });
  }

  #contact(machine: SimulatedMachine, nowMs: number): void {
    const { index, habits } = machine;
    const { seed } = this.#options;
    const sleeper = { seed, index, habits };
    if (awakeAt(sleeper, nowMs) === undefined) {
      machine.excuses.absent = true;
      const wakesMs = nextAwakeMs(sleeper, nowMs);
      this.#wake(machine, wakesMs + Math.floor(unitOf(seed, index, wakesMs / HOUR_MS) * BOOT_MS_MAX));
      return;
    }
    const held = machine.state.lease;
    const excuses = { ...machine.excuses };
    const nextMs = contact(machine, nowMs, this.#parts);
    const { lease } = machine.state;
    if (lease !== null && lease.leaseId !== held?.leaseId) {
      this.#agenda.set(this.#reserve.watchAtMs(lease), { type: 'watch', machine, leaseId: lease.leaseId });
      if (held !== null && nowMs < held.expiresAtMs) this.#look(this.#reserve.onRenewal({ ...machine, excuses }, held, nowMs), nowMs);
    }
    if (nextMs !== null) this.#wake(machine, nextMs);
  }

  #look(daysLeft: number | undefined, nowMs: number): void {
    if (daysLeft !== undefined) for (const outage of this.#outages) outage.look(daysLeft, nowMs);
  }

  #install(machine: SimulatedMachine, image: number, nowMs: number): void {
    const old = machine.identity;
    const hadLease = machine.state.lease !== null;
    install(machine, nowMs, image);
    if (image > 0) {
      this.#reimaged += 1;
      if (hadLease && machine.chance.happens(REPORTED_REIMAGES)) for (const { host } of this.#sites) host.retire(old, nowMs);
    }
    const nextMs = machine.habits.reimagedMs.find((atMs) => atMs > nowMs);
    if (nextMs !== undefined) this.#agenda.set(nextMs, { type: 'install', machine, image: image + 1 });
    this.#wake(machine, nowMs);
  }

  #everyHour(hour: number, nowMs: number): void {
    for (const { host, outages } of this.#sites) if (outages.at(nowMs) === undefined) host.expire(nowMs);
    this.#recovery.sweep(this.#machines, nowMs);
    if (hour % HOURS_A_DAY === 0) {
      this.#lookAtAll(nowMs);
      this.#options.onProgress?.({ steps: this.#steps, day: hour / HOURS_A_DAY, days: this.#options.days });
    }
    this.#agenda.set(nowMs + HOUR_MS, { type: 'hour', hour: hour + 1 });
  }

  #lookAtAll(nowMs: number): void {
    for (const machine of this.#machines) {
      const { lease } = machine.state;
      if (lease !== null && nowMs < lease.expiresAtMs) this.#look(this.#reserve.look(machine, lease, nowMs), nowMs);
    }
  }

  #report(): SimulationReport {
    const { machines, days, seed } = this.#options;
    const { toMs } = this.#run;
    const sum = (figure: 'comparisons' | 'literalRecounts' | 'grants'): number => this.#sites.reduce((total, { checks }) => total + checks[figure], 0);
    const licences: Record<LicenceStatus, number> = { unlicensed: 0, licensed: 0, grace: 0, notification: 0, expired: 0 };
    for (const { state } of this.#machines) licences[this.#parts.logic.statusOf(state, toMs).status] += 1;
    return {
      machines,
      days,
      seed,
      steps: this.#steps,
      hosts: this.#sites.map((site) => this.#hostFigures(site)),
      requests: this.#statistics.requests,
      licences,
      lives: { installed: this.#machines.filter(({ installedMs }) => installedMs <= toMs).length, reimaged: this.#reimaged, recovered: this.#recovery.recoveries },
      checks: {
        countsCompared: sum('comparisons'),
        literalRecounts: sum('literalRecounts'),
        grantsChecked: sum('grants'),
        punctualLeases: this.#reserve.punctualLeases,
        punctualLeastDaysLeft: this.#reserve.punctualLeastDays,
        presentLeastDaysLeft: this.#reserve.presentLeastDays,
      },
      outages: this.#outages.map((outage) => outage.figures(this.#statistics)),
      hourly: { requests: this.#statistics.hourly('requests'), renewalsGranted: this.#statistics.hourly('renewalsGranted') },
    };
  }

  #hostFigures({ host, checks }: WatchedSite): HostFigures {
    const leases = { running: 0, expired: 0, released: 0 };
    for (const lease of host.leases.held.values()) leases[standingOf(lease, this.#run.toMs)] += 1;
    return { host: host.name, events: host.head, pools: checks.countsAt(this.#run.toMs), leases };
  }
}

/**
 * Lives through the days of a fleet: the SDK's logic on every machine, the domain's decisions on every host, and a clock that jumps from one thing to the next.
 *
 * @throws InvariantViolation with the seed, the step and the machine, when something does not hold that must
 */
export const simulateFleet = async (options: SimulationOptions): Promise<SimulationReport> => {
  const { days, seed, hosts = HOSTS_DEFAULT, outages = [], rules = {} } = options;
  const run: Span = { fromMs: START_MS, toMs: START_MS + days * DAY_MS };
  const sites = await makeSites({ seed, hosts, run, outages: outages.map(spanOf), rules: { ...domainRules, ...rules } });
  return new FleetRun(options, { run, sites }).through();
};
