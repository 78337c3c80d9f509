import type { DnsFinding, DomainEvent } from '@muster/contracts';
import type { DnsDomainPolicy, DnsTiming, DomainPlan, LiveDomain, WantedDomain } from '@muster/domain';
import { planDomain, unrecordedOf, wantedIn } from '@muster/domain';
import type { Clock } from '@muster/kernel';
import { Problem } from '@muster/kernel';
import type { CurrentDns } from '../view/current-dns.js';
import { type DnsView, isServing } from '../view/dns-view.fold.js';
import type { OpenZone } from './open-zone.js';
import { readLive } from './read-live.js';

export interface LookParts {
  readonly current: CurrentDns;
  readonly policy: DnsDomainPolicy;
  readonly timing: DnsTiming;
  readonly clock: Clock;
  /** In place of the policy's. */
  readonly deleteShareMax?: number | undefined;
}

/** A domain as DNS has it, beside what the ledger wants of it. */
export interface Look {
  readonly position: number;
  readonly live: LiveDomain;
  readonly wanted: WantedDomain;
  readonly plan: DomainPlan;
  /** Those of the plan, and what only asking showed. */
  readonly findings: readonly DnsFinding[];
  /** The plan again from the same answers, by another state of the ledger. */
  readonly planBy: (view: DnsView, position: number) => { readonly wanted: WantedDomain; readonly plan: DomainPlan };
  /** What the answers show and the ledger does not know yet. */
  readonly unrecorded: (view: DnsView, position: number, by: { readonly server: string; readonly serial: number | null }) => readonly DomainEvent[];
}

const emptyLedger = (): Problem => new Problem('host-not-activated', 'The ledger is empty: there is nothing to list, and nothing of ours to withdraw.');

/** Asks DNS, and plans. @throws DnsFailure; Problem `unavailable`, `host-not-activated` */
export const lookAtDomain = async (ask: OpenZone['ask'], { current, policy, timing, clock, deleteShareMax }: LookParts): Promise<Look> => {
  // The ledger first: what is recorded after DNS was asked is for the next look.
  const state = await current.read(({ view }) => view.dns);
  const { live, findings } = await readLive(ask, { state, policy });
  return current.read(({ view, position, deployment }) => {
    if (deployment === null) throw emptyLedger();
    const planBy: Look['planBy'] = (by, at) => {
      const wanted = wantedIn({ state: by.dns, policy, serving: isServing(by) });
      const limits = deleteShareMax === undefined ? {} : { deleteShareMax };
      return { wanted, plan: planDomain({ state: by.dns, wanted, live, policy, deployment, position: at, nowMs: clock.nowMs(), timing, ...limits }) };
    };
    const unrecorded: Look['unrecorded'] = (by, at, { server, serial }) => {
      const { plan, wanted } = planBy(by, at);
      return [...plan.newConflicts, ...unrecordedOf({ live, state: by.dns, policy, server, serial, plan, wanted, deployment })];
    };
    const planned = planBy(view, position);
    return { position, live, ...planned, findings: [...planned.plan.findings, ...findings], planBy, unrecorded };
  });
};
