/** Of each fold and version: the newest to start from, and a few before it for states as of recent positions. */
export const SNAPSHOTS_KEPT = 4;

/** And for ever the first in each million positions: a state as of any position is at most about a second of replay away. */
export const SNAPSHOT_KEPT_EVERY_POSITIONS = 1_000_000;
