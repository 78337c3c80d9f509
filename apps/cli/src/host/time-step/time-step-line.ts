import type { TimeStepAnswer } from '@muster/contracts';

export const timeStepLine = (answer: TimeStepAnswer): string => {
  if (answer.outcome === 'accepted') return `Accepted: the ledger goes on from ${answer.from} to ${answer.to} (position ${answer.position}).`;
  const last = answer.from === null ? 'the ledger is empty' : `the last event is of ${answer.from}`;
  return `There is nothing to accept: ${last}, and the host's clock says ${answer.to}.`;
};
