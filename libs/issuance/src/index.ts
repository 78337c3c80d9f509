export type { AnswerParts } from './answers/answer-outcome.js';
export { answerActivation, answerRelease, answerRenewal } from './answers/answer-outcome.js';
export type { HostCredentials } from './credentials/host-credentials.js';
export { credentialsConfig, loadHostCredentials } from './credentials/host-credentials.js';
export { observeWriter } from './round/observe-writer.js';
export { asNewEvents, refuse } from './round/record-events.js';
export type { DecisionContext, RoundRules, WriteRoundParts } from './round/write-round.js';
export { decideRound } from './round/write-round.js';
