import type { DomainEvent } from '@muster/contracts';
import { readBy, typesReadBy } from '../folds/readers.js';

/** A token as its ledger knows it: by its public half alone. */
export interface KnownEnrolmentToken {
  readonly tokenId: string;
  readonly key: string;
  readonly maximumUses: number;
  readonly uses: number;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly revoked: boolean;
}

/** Who counts where the vendor counts only enrolled machines, and by which tokens others may enrol. Changed in place: there may be a million machines. */
export interface EnrolmentState {
  /** By token id, in the order of their making. */
  readonly tokens: Map<string, KnownEnrolmentToken>;
  /** The public half of a token to its id. */
  readonly tokenIds: Map<string, string>;
  readonly machines: Set<string>;
}

/** The types that {@link applyEnrolmentEvent} needs whole. */
export const enrolmentEventTypes = typesReadBy('enrolment');

const isRead = readBy('enrolment');

export const emptyEnrolment = (): EnrolmentState => ({ tokens: new Map(), tokenIds: new Map(), machines: new Set() });

export const putToken = (state: EnrolmentState, token: KnownEnrolmentToken): void => {
  state.tokens.set(token.tokenId, token);
  state.tokenIds.set(token.key, token.tokenId);
};

const changeToken = (state: EnrolmentState, tokenId: string, change: (token: KnownEnrolmentToken) => KnownEnrolmentToken): void => {
  const token = state.tokens.get(tokenId);
  if (token !== undefined) state.tokens.set(tokenId, change(token));
};

/** The state after an event: the same object, changed in place. */
export const applyEnrolmentEvent = (state: EnrolmentState, event: DomainEvent, recordedAtMs: number): EnrolmentState => {
  if (!isRead(event)) return state;
  switch (event.type) {
    case 'EnrolmentTokenCreated': {
      const { tokenId, tokenKey: key, maximumUses, expiresAt } = event.data;
      putToken(state, { tokenId, key, maximumUses, uses: 0, createdAtMs: recordedAtMs, expiresAtMs: Date.parse(expiresAt), revoked: false });
      return state;
    }
    case 'EnrolmentTokenRevoked':
      changeToken(state, event.data.tokenId, (token) => ({ ...token, revoked: true }));
      return state;
    case 'MachineEnrolled':
      changeToken(state, event.data.tokenId, (token) => ({ ...token, uses: token.uses + 1 }));
      state.machines.add(event.data.machine);
      return state;
    case 'MachineRetired':
      // Whoever has its key since must not be counted by it.
      state.machines.delete(event.data.machine);
      return state;
    default:
      return event satisfies never;
  }
};
