import type { Decider } from '@muster/kernel';
import type { StoryDecision } from './index.js';
import { storiesOf } from './index.js';

interface Entered {
  readonly type: 'Entered';
  readonly who: string;
}

/** A room with two seats. */
const room: Decider<readonly string[], string, { readonly open: boolean }, StoryDecision<Entered>, Entered> = {
  initialState: () => [],
  evolve: (inside, { who }) => [...inside, who],
  decide: (who, inside, { open }) => {
    if (!open) return { status: 'rejected', kind: 'closed' };
    return inside.length < 2 ? { status: 'recorded', events: [{ type: 'Entered', who }] } : { status: 'rejected', kind: 'full' };
  },
};

const given = storiesOf(room);
const ada: Entered = { type: 'Entered', who: 'ada' };
const bob: Entered = { type: 'Entered', who: 'bob' };

describe('a story', () => {
  it('holds when the decider answers as told', () => {
    given([]).when('ada', { open: true }).then([ada]);
    given([ada, bob]).when('eve', { open: true }).thenRejected('full');
    given([]).when('ada', { open: false }).thenRejected('closed');
    expect(given([ada]).when('bob', { open: true }).recorded()).toEqual([bob]);
  });

  it.each<[string, () => void]>([
    ['other events', () => given([]).when('ada', { open: true }).then([bob])],
    ['no events', () => given([]).when('ada', { open: true }).then([])],
    ['events where it was rejected', () => given([ada, bob]).when('eve', { open: true }).then([])],
    ['a rejection where it was recorded', () => given([]).when('ada', { open: true }).thenRejected('full')],
    ['a rejection of another kind', () => given([ada, bob]).when('eve', { open: true }).thenRejected('closed')],
    ['a look at events where it was rejected', () => void given([ada, bob]).when('eve', { open: true }).recorded()],
  ])('fails when it tells of %s', (_, story) => {
    expect(story).toThrow();
  });
});
