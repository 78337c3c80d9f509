import type { ActivationAnswer, RecordedEvent, RequestActivation } from '@muster/contracts';
import type { Rejection, Standing } from '@muster/domain';
import { decideActivation, judgeEnrolments, screenRequest } from '@muster/domain';
import type { CommandIdentity, DecidedRound, WriteRound } from '@muster/event-store';
import type { HostSigner, RoundRules, WriteRoundParts } from '@muster/issuance';
import { answerActivation, asNewEvents, decideRound, refuse } from '@muster/issuance';
import type { ActivationState } from './activation-state.js';

type Rules = RoundRules<RequestActivation, ActivationState, ActivationAnswer>;

export interface DecideActivationsParts extends Omit<WriteRoundParts<RequestActivation, ActivationState, ActivationAnswer>, 'identify' | 'rules' | 'objection'> {
  readonly signer: HostSigner;
}

export const identifyActivation = ({ machine, requestId, contentDigest }: RequestActivation): CommandIdentity => ({ machine, requestId, contentDigest });

/** The rules of one round: whoever enrols in it counts from there on, and a token is drawn on in the order of the commands. */
const activationRules = (signer: HostSigner): Rules => {
  const standings = new Map<RequestActivation, Standing | Rejection>();
  let judge: ReturnType<typeof judgeEnrolments> | undefined;
  return {
    arrivalOf: (command, { state: { host, enrolment }, nowMs, clockMs }) => {
      const screened = screenRequest(command, host, { nowMs, clockMs });
      if (screened.status !== 'countable') return undefined;
      judge ??= judgeEnrolments(enrolment, nowMs);
      const standing = judge(command, screened.pool);
      standings.set(command, standing);
      if (standing.status === 'rejected') return undefined;
      const { machine, virtual } = command;
      return { pool: screened.pool.name, machine, virtual, ...(standing.status === 'not-counted' ? { counted: false } : {}) };
    },
    decide: (command, context) => {
      const { host } = context.state;
      const standing = standings.get(command);
      if (standing?.status === 'rejected') return refuse(standing);
      const decision = decideActivation(command, host, { ...context, standing });
      if (decision.status === 'rejected') return refuse(decision);
      const { machine, requestId, hostname, address } = command;
      return {
        kind: 'record',
        events: asNewEvents(decision.events, { actor: `machine:${machine}`, requestId }),
        outcomeIndex: decision.events.length - 1,
        personal: { machine, requestId, hostname, address },
        answer: (recorded) => answerActivation(recorded.at(-1) as RecordedEvent, { host, signer }),
      };
    },
    answer: (_command, recorded, { host }) => answerActivation(recorded, { host, signer }),
  };
};

/** The write round of the activation service: reads everything as of the round's head, decides with the pure rule. */
export const decideActivations =
  ({ signer, ...parts }: DecideActivationsParts) =>
  (round: WriteRound<RequestActivation>): Promise<DecidedRound<ActivationAnswer>> =>
    decideRound({ ...parts, identify: identifyActivation, rules: activationRules(signer), objection: ({ host }) => signer.objection(host) })(round);
