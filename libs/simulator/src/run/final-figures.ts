import type { LicenceStatus, statusOf } from '@muster/client';
import { standingOf } from '@muster/domain';
import type { SimulatedMachine } from '../fleet/simulated-machine.js';
import type { WatchedSite } from '../invariants/recovery.checks.js';
import type { ReserveChecks } from '../invariants/reserve.checks.js';
import type { CheckFigures, HostFigures, SimulationReport } from '../report.js';

/** A host as its ledger has it. */
export const hostFigures = ({ host, checks }: WatchedSite, nowMs: number): HostFigures => {
  const leases = { running: 0, expired: 0, released: 0 };
  for (const lease of host.leases.held.values()) leases[standingOf(lease, nowMs)] += 1;
  return { host: host.name, events: host.head, pools: checks.countsAt(nowMs), leases };
};

/** Machines by what the SDK says of them. */
export const licencesAt = (
  machines: readonly SimulatedMachine[],
  { nowMs, statusOf: statusAt }: { readonly nowMs: number; readonly statusOf: typeof statusOf },
): SimulationReport['licences'] => {
  const licences: Record<LicenceStatus, number> = { unlicensed: 0, licensed: 0, grace: 0, notification: 0, expired: 0 };
  for (const { state } of machines) licences[statusAt(state, nowMs).status] += 1;
  return licences;
};

export const checkFigures = (sites: readonly WatchedSite[], reserve: ReserveChecks): CheckFigures => {
  const sum = (figure: 'comparisons' | 'literalRecounts' | 'grants'): number => sites.reduce((total, { checks }) => total + checks[figure], 0);
  return {
    countsCompared: sum('comparisons'),
    literalRecounts: sum('literalRecounts'),
    grantsChecked: sum('grants'),
    punctualLeases: reserve.punctualLeases,
    punctualLeastDaysLeft: reserve.punctualLeastDays,
    presentLeastDaysLeft: reserve.presentLeastDays,
  };
};
