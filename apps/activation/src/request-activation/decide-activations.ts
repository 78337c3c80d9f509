import type { ActivationAnswer, RecordedEvent, RequestActivation } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { decideActivation, screenRequest } from '@muster/domain';
import type { CommandIdentity, DecidedRound, WriteRound } from '@muster/event-store';
import type { RoundRules, WriteRoundParts } from '@muster/issuance';
import { answerActivation, asNewEvents, decideRound, keyNotInForce, refuse } from '@muster/issuance';
import type { SigningKey } from '@muster/trust';

type Rules = RoundRules<RequestActivation, HostState, ActivationAnswer>;

export interface DecideActivationsParts extends Omit<WriteRoundParts<RequestActivation, HostState, ActivationAnswer>, 'identify' | 'rules' | 'objection'> {
  readonly key: SigningKey;
}

export const identifyActivation = ({ machine, requestId, contentDigest }: RequestActivation): CommandIdentity => ({ machine, requestId, contentDigest });

const activationRules = (key: SigningKey): Rules => ({
  arrivalOf: (command, context) => {
    const screened = screenRequest(command, context.state, context);
    return screened.status === 'countable' ? { pool: screened.pool.name, machine: command.machine, virtual: command.virtual } : undefined;
  },
  decide: (command, context) => {
    const decision = decideActivation(command, context.state, context);
    if (decision.status === 'rejected') return refuse(decision);
    const { machine, requestId, hostname, address } = command;
    return {
      kind: 'record',
      events: asNewEvents(decision.events, { actor: `machine:${machine}`, requestId }),
      outcomeIndex: 1,
      personal: { machine, requestId, hostname, address },
      answer: ([, outcome]) => answerActivation(outcome as RecordedEvent, { host: context.state, key }),
    };
  },
  answer: (_command, recorded, host) => answerActivation(recorded, { host, key }),
});

/** The write round of the activation service: reads everything as of the round's head, decides with the pure rule. */
export const decideActivations = ({ key, ...parts }: DecideActivationsParts): ((round: WriteRound<RequestActivation>) => Promise<DecidedRound<ActivationAnswer>>) =>
  decideRound({ ...parts, identify: identifyActivation, rules: activationRules(key), objection: (host) => keyNotInForce(host, key) });
