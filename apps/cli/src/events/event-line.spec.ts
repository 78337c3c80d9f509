import type { CloudEvent } from '@muster/contracts';
import { eventLine } from './event-line.js';
import { filterOf } from './list.js';

const event = (overrides: Partial<CloudEvent>): CloudEvent => ({
  specversion: '1.0',
  id: 'main:7',
  source: '/ledgers/main',
  type: 'muster.ActivationGranted.v1',
  subject: 'deDWRUnBsNy-eZEEI3RsQ38e9QOOxgLMzXYnBMs2TZk',
  time: '2026-11-22T14:21:56.937Z',
  datacontenttype: 'application/json',
  data: { product: 'acme.server', basis: { count: 5, threshold: 5 } },
  position: 7,
  actor: 'service:activation',
  leafhash: 'a',
  runninghash: 'b',
  ...overrides,
});

describe('an event as a person reads it', () => {
  it.each([
    ['a decision', {}, '      7  2026-11-22T14:21:56.937Z  ActivationGranted            deDWRUnBsNy-  acme.server  count 5  threshold 5'],
    ['a refusal', { type: 'muster.ActivationRefused.v1', data: { product: 'acme.server', reason: 'host-retired', basis: {} } }, '      7  2026-11-22T14:21:56.937Z  ActivationRefused            deDWRUnBsNy-  acme.server  host-retired'],
    [
      'a record in DNS',
      { type: 'muster.ServiceRecordWithdrawn.v1', subject: '', data: { endpoint: 'a.corp.example:443', domain: 'corp.example', name: '_muster._tcp.corp.example', epoch: 7, reason: 'host-retired' } },
      '      7  2026-11-22T14:21:56.937Z  ServiceRecordWithdrawn                     a.corp.example:443  _muster._tcp.corp.example  host-retired',
    ],
    ['an endpoint', { type: 'muster.EndpointFellSilent.v1', subject: '', data: { endpoint: 'a.corp.example:443', cause: 'stopped', since: '' } }, '      7  2026-11-22T14:21:56.937Z  EndpointFellSilent                         a.corp.example:443  stopped'],
  ])('%s', (_what, overrides, line) => expect(eventLine(event(overrides))).toBe(line));

  it('without a machine ends where it ends', () => {
    const { subject: _none, ...rest } = event({ type: 'muster.HostActivated.v1', data: {} });
    expect(eventLine(rest)).toBe('      7  2026-11-22T14:21:56.937Z  HostActivated');
  });
});

describe('the filter of events', () => {
  it('is checked here already', () => {
    expect(filterOf({ type: 'ActivationGranted' })).toEqual({ type: 'ActivationGranted' });
    expect(filterOf({})).toEqual({});
    expect(() => filterOf({ type: 'Granted' })).toThrow(/not a type of event/);
    expect(() => filterOf({ machine: 'ws-01' })).toThrow(/not the id of a machine/);
  });
});
