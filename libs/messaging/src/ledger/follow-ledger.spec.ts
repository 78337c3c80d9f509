import type { LedgerAppended } from '@muster/contracts';
import { subjects } from '@muster/contracts';
import type { Bus, SubscribeOptions } from '../bus/bus.js';
import type { WokenFollower } from './follow-ledger.js';
import { broadcastAppended, followLedger } from './follow-ledger.js';

const setUp = () => {
  const told: string[] = [];
  const follower = (name: string): WokenFollower => ({
    start: () => new Promise(() => void told.push(`${name} starts`)), // its store is away
    onAppended: ({ last }) => void told.push(`${name} hears ${last}`),
    stop: () => Promise.resolve(void told.push(`${name} stops`)),
  });
  const onMessage: ((message: LedgerAppended) => void)[] = [];
  const bus: Pick<Bus, 'subscribe' | 'publish'> = {
    subscribe: (subject, options) => {
      if (subject === subjects.ledgerAppended) onMessage.push((options as unknown as SubscribeOptions<LedgerAppended>).onMessage);
      return { close: () => Promise.resolve(void told.push('closed')) };
    },
    publish: (subject, message) => told.push(`${subject} says ${(message as LedgerAppended).last}`) > 0,
  };
  return { told, bus, onMessage, followers: [follower('hosts'), follower('tokens')] };
};

const appended = (last: number) => ({ ledger: 'main', first: last, last }) as LedgerAppended;

describe('the followers of a process', () => {
  it('start without waiting for their store, hear broadcasts by one subscription, and stop after it', async () => {
    const { told, bus, onMessage, followers } = setUp();
    const following = followLedger(bus, followers);
    expect(onMessage).toHaveLength(1);
    onMessage[0]?.(appended(7));
    await following.stop();
    expect(told).toEqual(['hosts starts', 'tokens starts', 'hosts hears 7', 'tokens hears 7', 'closed', 'hosts stops', 'tokens stops']);
  });

  it('hear what their own process appended before anybody else does', () => {
    const { told, bus, followers } = setUp();
    broadcastAppended(appended(8), { bus, followers });
    expect(told).toEqual(['hosts hears 8', 'tokens hears 8', `${subjects.ledgerAppended} says 8`]);
  });
});
