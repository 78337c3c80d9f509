/** Of each fold and version: the newest to start from, and a few before it for states as of earlier positions. */
export const SNAPSHOTS_KEPT = 4;
