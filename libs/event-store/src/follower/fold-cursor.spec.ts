import fc from 'fast-check';
import { typedColumnsOf } from '@muster/contracts';
import type { DomainEvent } from '@muster/contracts';
import type { Fleet } from './fleet.fixture.js';
import { anyEvent, fleetFold, seen } from './fleet.fixture.js';
import { FoldCursor } from './fold-cursor.js';
import type { FollowedEvent } from './followed-fold.js';

const at = (position: number, event: DomainEvent): FollowedEvent => {
  const { kind, seen: code, pool, machine } = typedColumnsOf(event);
  return { event, row: { position, recordedAtMs: position, kind, seen: code, pool, machine } };
};

const admit = (cursor: FoldCursor<Fleet>, { row, event }: FollowedEvent): void => cursor.admit(row, event);

describe('a fold cursor', () => {
  it('takes each position once and in order, whatever it is offered', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ position: fc.integer({ min: 1, max: 12 }), drawn: fc.nat() }), { maxLength: 60 }), (offers) => {
        const cursor = new FoldCursor(fleetFold);
        for (const { position, drawn } of offers) {
          const before = cursor.position;
          const offer = (): void => admit(cursor, at(position, anyEvent(drawn)));
          if (position > before + 1) expect(offer).toThrow('cannot follow');
          else offer();
          expect(cursor.position).toBe(position === before + 1 ? position : before);
          expect(cursor.state.applied).toEqual(Array.from({ length: cursor.position }, (_, index) => index + 1));
        }
      }),
    );
  });

  it('refuses a type that its fold reads whole without its body', () => {
    const cursor = new FoldCursor(fleetFold);
    expect(() => cursor.admit(at(1, anyEvent(1)).row)).toThrow('position 1');
    expect(cursor.position).toBe(0);
  });

  it('passes over nothing that it has not come to', () => {
    const cursor = new FoldCursor(fleetFold);
    cursor.pass({ after: 0, upTo: 4 });
    expect(() => cursor.pass({ after: 5, upTo: 9 })).toThrow('cannot pass from 5');
    cursor.pass({ after: 2, upTo: 3 });
    expect(cursor.position).toBe(4);
  });

  it('never goes back to a snapshot, and shows no half of a state that would not load', () => {
    const cursor = new FoldCursor(fleetFold);
    admit(cursor, at(1, seen(1)));
    admit(cursor, at(2, seen(2)));
    cursor.restore({ position: 2, state: Buffer.from('not a state') });
    expect(() => cursor.restore({ position: 3, state: Buffer.from('not a state') })).toThrow();
    expect([cursor.position, cursor.state.machines.size]).toEqual([2, 2]);
  });
});
