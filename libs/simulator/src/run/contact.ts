import type { HostAddress, Reply } from '@muster/client';
import type { ClientLogic } from '../fleet/client-logic.js';
import type { SimulatedMachine } from '../fleet/simulated-machine.js';
import { forgetExcuses } from '../fleet/simulated-machine.js';
import type { SimulatedHost } from '../hosts/simulated-host.js';
import type { SpanWalk } from '../walk-spans.js';
import type { Statistics } from './statistics.js';

/** A host, and when it does not answer. */
export interface Site {
  readonly host: SimulatedHost;
  readonly outages: SpanWalk;
}

export interface ContactParts {
  readonly logic: ClientLogic;
  readonly sites: ReadonlyMap<HostAddress, Site>;
  readonly statistics: Statistics;
  /** The share of answers that are lost on the way. */
  readonly answersLost?: number;
}

/** One answer in so many is lost after the host has recorded its outcome: the machine asks again under the same request id. */
const ANSWER_LOST = 1 / 2000;

const unreachable = (detail: string): Reply => ({ type: 'unreachable', detail });

const send = (machine: SimulatedMachine, site: Site, { nowMs, away, lost }: { readonly nowMs: number; readonly away: boolean; readonly lost: number }): Reply => {
  if (away) {
    machine.excuses.absent = true;
    return unreachable('out of reach');
  }
  if (site.outages.at(nowMs) !== undefined) {
    machine.excuses.hostDown = true;
    return unreachable('down');
  }
  const { wish } = machine.state;
  if (wish === null) throw new Error(`${machine.name} sends what it has not written down`);
  const reply = site.host.ask({ wish, identity: machine.identity, product: machine.product, nowMs });
  if (!machine.chance.happens(lost)) return reply;
  machine.excuses.absent = true;
  return unreachable('answer lost');
};

/** One step of an awake machine, as its agent takes it: whatever is due, over all hosts. Returns when it wants to be woken next; null: never. */
export const contact = (machine: SimulatedMachine, nowMs: number, { logic, sites, statistics, answersLost: lost = ANSWER_LOST }: ContactParts): number | null => {
  const action = logic.nextAction(machine.state, nowMs);
  if (action.type === 'wait') return action.untilMs;
  const attempt = logic.beginAttempt(machine.state, { nowMs, draws: machine.chance, virtual: machine.identity.virtual });
  machine.state = attempt;
  const renewal = attempt.wish.kind === 'renewal';
  const away = machine.away.at(nowMs) !== undefined;
  let round = logic.startRound(attempt, { hosts: [...sites.keys()], nowMs, draws: machine.chance });
  for (let name = logic.nextSend(round); name !== undefined; name = logic.nextSend(round)) {
    const reply = send(machine, sites.get(name) as Site, { nowMs, away, lost });
    statistics.add(reply, { renewal, nowMs });
    round = logic.heard(round, name, reply);
  }
  const outcome = logic.outcomeOf(round);
  machine.state = logic.evolve(attempt, outcome, nowMs, machine.chance);
  if (outcome.reply.type === 'granted') forgetExcuses(machine);
  if (outcome.reply.type === 'deferred') machine.excuses.deferred = true;
  const next = logic.nextAction(machine.state, nowMs);
  return next.type === 'wait' ? next.untilMs : nowMs;
};
