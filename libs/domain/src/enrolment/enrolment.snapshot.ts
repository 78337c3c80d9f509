import type { EnrolmentState, KnownEnrolmentToken } from './enrolment.fold.js';
import { emptyEnrolment, putToken } from './enrolment.fold.js';

interface StoredEnrolment {
  readonly tokens: readonly KnownEnrolmentToken[];
  readonly machines: readonly string[];
}

/** The state as a JSON value. */
export const storeEnrolment = ({ tokens, machines }: EnrolmentState): StoredEnrolment => ({ tokens: [...tokens.values()], machines: [...machines] });

export const restoreEnrolment = ({ tokens, machines }: StoredEnrolment): EnrolmentState => {
  const state = emptyEnrolment();
  for (const token of tokens) putToken(state, token);
  for (const machine of machines) state.machines.add(machine);
  return state;
};
