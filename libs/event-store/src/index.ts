export { toLedgerAppended } from './follower/broadcast.js';
export type { LedgerSource } from './follower/catch-up.js';
export type { FollowedEvent, FollowedFold, SnapshotFormat } from './follower/followed-fold.js';
export type { FollowerOptions } from './follower/follower.js';
export { createFollower } from './follower/follower.js';
export type { Follower, FollowerObserver, FollowerStatus } from './follower/follower.types.js';
export type { StateAsOfQuery } from './follower/state-as-of.js';
export { stateAsOf } from './follower/state-as-of.js';
export type { LedgerWriterOptions } from './writer/ledger-writer.js';
export { createLedgerWriter } from './writer/ledger-writer.js';
export type {
  BatchFigures,
  CommandIdentity,
  DecidedRound,
  Decision,
  LedgerWriter,
  LookedUp,
  TurnedAway,
  WriteRound,
  WriterObserver,
  WriterStatus,
} from './writer/writer.types.js';
