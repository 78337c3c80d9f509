import { timeStepLine } from './time-step-line.js';

const [from, to] = ['2026-01-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'];

it('what became of a step of time is one line', () => {
  expect(timeStepLine({ outcome: 'accepted', from, to, position: 7 })).toBe(`Accepted: the ledger goes on from ${from} to ${to} (position 7).`);
  expect(timeStepLine({ outcome: 'no-step', from, to, position: 7 })).toBe(`There is nothing to accept: the last event is of ${from}, and the host's clock says ${to}.`);
  expect(timeStepLine({ outcome: 'no-step', from: null, to, position: 0 })).toMatch('the ledger is empty');
});
