import { seenCodes } from '@muster/contracts';
import { anEvent, TEST_START_MS } from '@muster/testing';
import { DAY_SECONDS, SECOND_MS, toInstant } from '@muster/kernel';
import { applyPolicies, applyRow, initialCountingState } from './counting.fold.js';
import { listMachines } from './list-machines.js';

const DAY_MS = DAY_SECONDS * SECOND_MS;
const { claims } = anEvent('HostActivated').data;

/** `old` was seen on day 0, `vm` on day 20, `new` on day 29; the window is 30 days. */
const seen = () => {
  const state = initialCountingState();
  applyPolicies(state, claims, TEST_START_MS);
  const see = (machine: string, day: number, virtual = false) =>
    applyRow(state, { recordedAtMs: TEST_START_MS + day * DAY_MS, seen: virtual ? seenCodes.seenVirtual : seenCodes.seenPhysical, pool: 'acme', machine });
  see('old', 0);
  see('vm', 20, true);
  see('new', 29);
  return state;
};

const names = (query: Parameters<typeof listMachines>[1], day: number): readonly string[] => listMachines(seen(), query, TEST_START_MS + day * DAY_MS).machines.map(({ machine }) => machine);

describe('the list of machines', () => {
  it('says when each was last seen, and whether it counts at that moment', () => {
    expect(listMachines(seen(), { limit: 10 }, TEST_START_MS + 30 * DAY_MS).machines).toEqual([
      { machine: 'new', pool: 'acme', virtual: false, lastSeenAt: toInstant(TEST_START_MS + 29 * DAY_MS), counted: true },
      { machine: 'old', pool: 'acme', virtual: false, lastSeenAt: toInstant(TEST_START_MS), counted: false },
      { machine: 'vm', pool: 'acme', virtual: true, lastSeenAt: toInstant(TEST_START_MS + 20 * DAY_MS), counted: true },
    ]);
  });

  it('is filtered by pool, kind, and whether a machine counts', () => {
    expect(names({ limit: 10, counted: true }, 29)).toEqual(['new', 'old', 'vm']);
    expect(names({ limit: 10, counted: false }, 51)).toEqual(['old', 'vm']);
    expect(names({ limit: 10, virtual: true }, 29)).toEqual(['vm']);
    expect(names({ limit: 10, pool: 'other' }, 29)).toEqual([]);
  });

  it('leaves out who was retired, and goes on where a page ended', () => {
    const state = seen();
    applyRow(state, { recordedAtMs: TEST_START_MS + 29 * DAY_MS, seen: seenCodes.retired, pool: null, machine: 'old' });
    const first = listMachines(state, { limit: 1 }, TEST_START_MS + 29 * DAY_MS);
    expect([first.machines[0]?.machine, first.next]).toEqual(['new', 'new acme']);
    const second = listMachines(state, { limit: 1, after: 'new acme' }, TEST_START_MS + 29 * DAY_MS);
    expect([second.machines[0]?.machine, second.next]).toEqual(['vm', undefined]);
  });
});
