import type { CloudEvent } from '@muster/contracts';
import fc from 'fast-check';
import { pageThatFits } from './page-that-fits.js';

const NATS_PAYLOAD_MAX = 1024 * 1024;

const eventOf = (bytes: number, index: number): CloudEvent => ({ position: index + 1, data: { request: 'x'.repeat(bytes) } }) as unknown as CloudEvent;

describe('a page of events', () => {
  it('fits one message whatever is in it, and all pages together are all events', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 70_000 }), { maxLength: 60 }), (sizes) => {
        const all = sizes.map(eventOf);
        const read: number[] = [];
        for (let left: readonly CloudEvent[] = all; ; ) {
          const page = pageThatFits(left, all.length);
          expect(JSON.stringify(page).length).toBeLessThan(NATS_PAYLOAD_MAX);
          read.push(...page.events.map(({ position }) => position));
          if (page.next === undefined) break;
          expect(page.next).toBe(page.events.at(-1)?.position);
          left = all.slice(page.next);
        }
        expect(read).toEqual(all.map(({ position }) => position));
      }),
    );
  });

  it('says nothing of a next one where it holds all', () => expect(pageThatFits([eventOf(1, 0)], 1)).toEqual({ events: [eventOf(1, 0)], head: 1 }));
});
