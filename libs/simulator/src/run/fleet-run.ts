import { unitOf } from '../chance/chance.js';
import { sdkLogic } from '../fleet/client-logic.js';
import type { Identity } from '../fleet/identity.js';
import type { SimulatedMachine } from '../fleet/simulated-machine.js';
import { createMachine, install } from '../fleet/simulated-machine.js';
import { awakeAt, nextAwakeMs } from '../fleet/waking-hours.js';
import { BOOT_MS_MAX, RecoveryChecks } from '../invariants/recovery.checks.js';
import type { WatchedSite } from '../invariants/recovery.checks.js';
import { ReserveChecks } from '../invariants/reserve.checks.js';
import { InvariantViolation } from '../invariants/violation.js';
import type { SimulationReport } from '../report.js';
import { createAgenda } from '../schedule/agenda.js';
import type { SimulationOptions } from '../simulation-options.js';
import type { Span } from '../simulation-time.js';
import { HOUR_MS } from '../simulation-time.js';
import { contact } from './contact.js';
import { checkFigures, hostFigures, licencesAt } from './final-figures.js';
import { intervalsOf } from './make-sites.js';
import { outageSpan, OutageWatch } from './outage-figures.js';
import { Statistics } from './statistics.js';

type Item =
  /** `plan` tells whether the machine has planned anew since. */
  | { readonly type: 'contact'; readonly machine: SimulatedMachine; readonly plan: number }
  | { readonly type: 'watch'; readonly machine: SimulatedMachine; readonly leaseId: string }
  | { readonly type: 'install'; readonly machine: SimulatedMachine; readonly image: number }
  | { readonly type: 'hour'; readonly hour: number };

const HOURS_A_DAY = 24;

/** Half of the re-imaged machines are reported to an administrator, who retires the old identity; the others age out. */
const REPORTED_REIMAGES = 0.5;

/** One run. Each step is one item of the agenda; what must hold is looked at after every one. */
export class FleetRun {
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
    this.#reserve = new ReserveChecks(renewAfterSeconds, outages.map(outageSpan));
    this.#recovery = new RecoveryChecks(sites, retryAfterSeconds);
    this.#outages = outages.map((hours) => new OutageWatch(hours, outageSpan(hours)));
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
    return {
      machines: this.#machines.length,
      days: this.#options.days,
      seed: this.#options.seed,
      steps: this.#steps,
      hosts: this.#sites.map((site) => hostFigures(site, toMs)),
      requests: this.#statistics.requests,
      licences: licencesAt(this.#machines, { nowMs: toMs, statusOf: this.#parts.logic.statusOf }),
      lives: { installed: this.#machines.filter(({ installedMs }) => installedMs <= toMs).length, reimaged: this.#reimaged, recovered: this.#recovery.recoveries },
      checks: checkFigures(this.#sites, this.#reserve),
      outages: this.#outages.map((outage) => outage.figures(this.#statistics)),
      hourly: { requests: this.#statistics.hourly('requests'), renewalsGranted: this.#statistics.hourly('renewalsGranted') },
    };
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
      if (hadLease && machine.chance.happens(REPORTED_REIMAGES)) this.#retire(old, nowMs);
    }
    const nextMs = machine.habits.reimagedMs.find((atMs) => atMs > nowMs);
    if (nextMs !== undefined) this.#agenda.set(nextMs, { type: 'install', machine, image: image + 1 });
    this.#wake(machine, nowMs);
  }

  #retire(identity: Identity, nowMs: number): void {
    for (const { host, outages } of this.#sites) if (outages.at(nowMs) === undefined) host.retire(identity, nowMs);
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
}
