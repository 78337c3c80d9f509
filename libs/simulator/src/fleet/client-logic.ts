import { beginAttempt, evolve, heard, nextAction, nextSend, outcomeOf, startRound, statusOf } from '@muster/client';

/** What a machine does next and remembers: the SDK's own functions, unless a test wants to see a wrong one caught. */
export interface ClientLogic {
  readonly nextAction: typeof nextAction;
  readonly beginAttempt: typeof beginAttempt;
  readonly startRound: typeof startRound;
  readonly nextSend: typeof nextSend;
  readonly heard: typeof heard;
  readonly outcomeOf: typeof outcomeOf;
  readonly evolve: typeof evolve;
  readonly statusOf: typeof statusOf;
}

export const sdkLogic: ClientLogic = { nextAction, beginAttempt, startRound, nextSend, heard, outcomeOf, evolve, statusOf };
