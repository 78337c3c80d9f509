import { anEvent } from '@muster/testing';
import type { PendingCommand } from './pending-command.js';
import { planAppend } from './plan-append.js';
import type { Decision } from './writer.types.js';

const [machine, contentDigest] = ['m'.repeat(42) + 'A', 'c'.repeat(42) + 'A'];

const pending = (requestId: string): PendingCommand<null, null> => ({ command: null, identity: { machine, requestId, contentDigest }, deadlineMs: 0, resolve: () => undefined, reject: () => undefined });

const recorded = (final: { readonly remembered?: false } = {}): Decision<null> => ({
  kind: 'record',
  events: [{ event: anEvent('HostRetired'), actor: 'service:test', requestId: null, causedByPrevious: false }],
  outcomeIndex: 0,
  answer: () => null,
  ...final,
});

it('an outcome that is not final is recorded, and its request id is left free', () => {
  const { events, requests } = planAppend([pending('refused'), pending('granted')], [recorded({ remembered: false }), recorded()]);
  expect(events).toHaveLength(2);
  expect(requests).toEqual([{ machine, requestId: 'granted', contentDigest, outcomeIndex: 1 }]);
});
