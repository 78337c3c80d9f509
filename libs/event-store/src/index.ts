export type {
  AppendBatch,
  AppendResult,
  ColumnsRow,
  EventStore,
  Head,
  KnownRequest,
  NewEvent,
  NewRequest,
  PersonalData,
  ReadQuery,
  ReplayQuery,
  RequestKey,
  Snapshot,
  SnapshotKey,
  StoreHealth,
} from './event-store.port.js';
export { CLOCK_SKEW_MS_MAX, isTimeStep, TIME_STEP_MS_MAX } from './clock-rule.js';
export type { LeafFields } from './hashing/leaf-hash.js';
export { GENESIS_HASH, leafHash, runningHash } from './hashing/leaf-hash.js';
export type { InMemoryEventStoreOptions } from './in-memory/in-memory.event-store.js';
export { createInMemoryEventStore } from './in-memory/in-memory.event-store.js';
export type { InMemoryLedgers } from './in-memory/in-memory.ledgers.js';
export { createInMemoryLedgers } from './in-memory/in-memory.ledgers.js';
export type { MigrateOptions, MigrationReport } from './migrations/migrate.js';
export { migrate } from './migrations/migrate.js';
export { POSITIONS_PER_PARTITION, REQUEST_ID_DAYS, SPARE_PARTITIONS } from './migrations/partitions.js';
export type { ServiceRole } from './migrations/service-role.js';
export type { PostgresEventStoreOptions } from './postgres/postgres.event-store.js';
export { createPostgresEventStore } from './postgres/postgres.event-store.js';
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
export type { Act, ActParts, ActRound } from './writer/record-act.js';
export { recordAct } from './writer/record-act.js';
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
export type { StoreReadiness } from './readiness/store-readiness.js';
export { SPARE_PARTITIONS_MIN, storeReadiness } from './readiness/store-readiness.js';
