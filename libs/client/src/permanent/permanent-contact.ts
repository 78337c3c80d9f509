import type { Clock, Draws } from '@muster/kernel';
import type { SigningKey } from '@muster/trust';
import type { InstallingState } from '../core/permanent/begin-installation.js';
import { isHostProblem } from '../core/round.js';
import { evolvePermanent } from '../core/permanent/evolve-permanent.js';
import type { PermanentOutcome, PermanentReply } from '../core/permanent/permanent-outcome.js';
import type { PermanentState } from '../core/permanent/permanent-state.js';
import type { FailedHost, HostAddress } from '../core/outcome.js';
import type { MeantFor } from '../shell/believe-lease.js';
import type { HostSearch, Transport, WireExchange } from '../shell/ports.js';
import { judgePermanent } from './judge-permanent.js';
import { signInstallation } from './sign-installation.js';

/** One attempt to be activated for good, and what came of it. */
export interface PermanentContact {
  readonly method: 'multiple';
  readonly atMs: number;
  readonly product: string;
  readonly requestId: string;
  /** The authority that was asked, or the host that the request was left with. */
  readonly outcome: PermanentOutcome;
  /** As it is kept now; the key is not in it. */
  readonly state: PermanentState;
}

export interface PermanentContactOptions {
  readonly exchange: (request: string) => WireExchange;
  /** Asked one after the other, until one gives an outcome. */
  readonly addresses: readonly HostAddress[];
  /** By which those are hosts; left out for an authority, which was named. */
  readonly search?: HostSearch;
  readonly nobody: string;
  readonly key: SigningKey;
  readonly meantFor: MeantFor;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly draws: Draws;
  readonly save: (state: PermanentState) => void;
}

const leavesOpen = ({ type }: PermanentReply): boolean => type === 'busy' || type === 'unreachable';

/** Whether it is nobody else's to answer: a host that cannot serve says nothing of the next. */
const isLast = (reply: PermanentReply): boolean => !leavesOpen(reply) && !(reply.type === 'refused' && isHostProblem(reply.code));

/** Sends the request that `installing` holds, which is kept before anything is sent, and keeps what came of it. */
export const contactForPermanent = async (installing: InstallingState, options: PermanentContactOptions): Promise<PermanentContact> => {
  const { exchange, addresses, search, nobody, key, meantFor, transport, clock, draws, save } = options;
  save(installing);
  const { wish, product } = installing;
  const request = await signInstallation(wish, { key, product });
  const failed: FailedHost[] = [];
  let outcome: PermanentOutcome = { host: null, reply: { type: 'unreachable', detail: nobody }, failed };
  for (const host of addresses) {
    const objection = await search?.objectionTo(host);
    if (objection !== undefined) {
      failed.push({ host, detail: objection });
      outcome = outcome.host === null ? { host: null, reply: { type: 'unreachable', detail: objection }, failed } : outcome;
      continue;
    }
    const wire = (await transport.exchange?.(host, exchange(request))) ?? { type: 'unreachable', detail: 'the transport carries no such requests' };
    const reply = await judgePermanent(wire, { wish, request, meantFor });
    // A host that cannot serve does not close what another one, which is away, leaves open.
    if (outcome.host === null || leavesOpen(reply) || isLast(reply)) outcome = { host, reply, failed };
    if (isLast(reply)) {
      search?.served(host);
      break;
    }
    failed.push({ host, detail: 'detail' in reply ? reply.detail : reply.type });
  }
  const atMs = clock.nowMs();
  const state = evolvePermanent(installing, outcome, { nowMs: atMs, draws });
  save(state);
  return { method: 'multiple', atMs, product, requestId: wish.requestId, outcome, state };
};
