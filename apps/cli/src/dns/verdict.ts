import type { DnsFinding } from '@muster/contracts';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';

/** What a command on DNS ends with: somebody else's records in the way come first, then anything else that is not as it should be. */
export const verdict = ({ conflicts, wrong }: { readonly conflicts: number; readonly wrong: boolean }): ExitCode => {
  if (conflicts > 0) return exitCodes.conflict;
  return wrong ? exitCodes.findings : exitCodes.ok;
};

export const isWrong = ({ severity }: DnsFinding): boolean => severity !== 'info';
