import { createHash } from 'node:crypto';

/** One key of a machine: a new image makes a new one. */
export interface Identity {
  /** What the ledger knows it by: of the form of a key's thumbprint. */
  readonly id: string;
  readonly virtual: boolean;
}

export const makeIdentity = (seed: number, key: string, virtual: boolean): Identity => ({
  id: createHash('sha256').update(`machine ${seed} ${key}`).digest('base64url'),
  virtual,
});
