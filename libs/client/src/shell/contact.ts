import type { Clock, Draws } from '@muster/kernel';
import type { SigningKey } from '@muster/trust';
import { beginAttempt } from '../core/begin-attempt.js';
import { evolve } from '../core/evolve.js';
import type { MachineState, Wish, WishKind } from '../core/machine-state.js';
import type { HostAddress, Outcome, Reply } from '../core/outcome.js';
import { heard, joinRound, nextSend, outcomeOf, startRound } from '../core/round.js';
import type { MeantFor } from './believe-lease.js';
import { judgeReply } from './judge-reply.js';
import type { HostSearch, Transport } from './ports.js';
import type { Shown } from './shown.js';
import { digestOfShown } from './shown.js';
import { signWish } from './sign-wish.js';

/** One attempt over the known hosts, and what came of it. */
export interface VolumeContact {
  readonly method: 'volume';
  readonly atMs: number;
  readonly wish: Wish;
  readonly outcome: Outcome;
  /** As it is kept now. */
  readonly state: MachineState;
}

export interface ContactOptions {
  readonly kind?: WishKind;
  readonly search: HostSearch;
  readonly key: SigningKey;
  readonly machine: { readonly hostname: string; readonly virtual: boolean };
  readonly shown?: Shown;
  readonly meantFor: MeantFor;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly draws: Draws;
  readonly save: (state: MachineState) => void;
}

/** Asks the hosts, one after the other, and keeps what they gave. */
export const contactHosts = async (state: MachineState, { kind, search, key, machine, shown = {}, meantFor, transport, clock, draws, save }: ContactOptions): Promise<VolumeContact> => {
  const wishing = beginAttempt(state, { nowMs: clock.nowMs(), draws, virtual: machine.virtual, shows: digestOfShown(shown), ...(kind === undefined ? {} : { kind }) });
  save(wishing); // before it is sent: a crash must not lose the id
  const { wish } = wishing;
  const ask = async (host: HostAddress): Promise<Reply> => {
    const objection = await search.objectionTo(host);
    if (objection !== undefined) return { type: 'unreachable', detail: objection };
    const request = await signWish(wish, { key, product: state.product, nowMs: clock.nowMs(), machine, shown });
    return judgeReply(await transport.send(host, request), { state: wishing, nowMs: clock.nowMs(), meantFor });
  };
  let round = startRound(wishing, { hosts: await search.next(), ordered: search.ordered, nowMs: clock.nowMs(), draws });
  while (!round.over) {
    const host = nextSend(round);
    if (host !== undefined) {
      round = heard(round, host, await ask(host));
      continue;
    }
    const more = await search.next();
    if (more.length === 0) break;
    round = joinRound(round, more);
  }
  const outcome = outcomeOf(round, search.nobody());
  if (round.over && outcome.host !== null) search.served(outcome.host);
  const atMs = clock.nowMs();
  const next = evolve(wishing, outcome, atMs, draws);
  save(next);
  return { method: 'volume', atMs, wish, outcome, state: next };
};
