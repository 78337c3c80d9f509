import { failureIn } from '../dns-failure.fixture.js';
import { decodeMessage } from '../message/decode-message.js';
import { encodeMessage } from '../message/encode-message.js';
import type { DnsMessage } from '../message/message.js';
import { NSUPDATE_REQUEST } from '../tsig/nsupdate.fixture.js';
import { buildUpdate } from './build-update.js';
import type { Change, Prerequisite } from './prerequisite.js';

const SRV = '_muster._tcp.corp.test';
const srv = (target: string) => ({ type: 'SRV', priority: 10, weight: 20, port: 443, target }) as const;

describe('an update', () => {
  it('says what nsupdate says, for all prerequisites and all changes', () => {
    const sent = decodeMessage(NSUPDATE_REQUEST);
    const ours = buildUpdate({
      id: sent.header.id,
      zone: 'corp.test',
      prerequisites: [
        { kind: 'set-absent', name: 'h1._owner._muster._tcp.corp.test', type: 'TXT' },
        { kind: 'set-equals', name: 'h2._owner._muster._tcp.corp.test', data: [{ type: 'TXT', strings: ['v=1 epoch=7'] }] },
        { kind: 'name-in-use', name: 'a.corp.test' },
        { kind: 'name-not-in-use', name: 'b.corp.test' },
        { kind: 'set-exists', name: 'c.corp.test', type: 'SRV' },
      ],
      changes: [
        { kind: 'add', name: SRV, ttlSeconds: 60, data: srv('host-1.corp.test') },
        { kind: 'remove-record', name: SRV, data: srv('host-2.corp.test') },
        { kind: 'remove-set', name: SRV, type: 'SRV' },
        { kind: 'remove-name', name: 'old.corp.test' },
        { kind: 'add', name: 'a.corp.test', ttlSeconds: 60, data: { type: 'AAAA', address: '2001:db8::1' } },
      ],
    });
    expect(ours).toEqual({ ...sent, additionals: [] });
  });

  const header = '0001' + '2800' + '0001'; // id, opcode UPDATE, one zone
  const zone = '04636f72700474657374' + '00' + '0006' + '0001';
  const tail = (section: 'prerequisite' | 'change', message: DnsMessage): string => {
    const hex = encodeMessage(message).toString('hex');
    expect(hex.slice(0, 12)).toBe(header);
    expect(hex.slice(12, 24)).toBe(section === 'prerequisite' ? '000100000000' : '000000010000');
    expect(hex.slice(24, 24 + zone.length)).toBe(zone);
    return hex.slice(24 + zone.length);
  };
  const name = '0161' + '04636f72700474657374' + '00';

  // RFC 2136 section 2.4: the name, then TYPE, CLASS, TTL and RDLENGTH.
  it.each<[string, Prerequisite, string]>([
    ['2.4.1 set exists', { kind: 'set-exists', name: 'a.corp.test', type: 'SRV' }, '0021' + '00ff' + '00000000' + '0000'],
    ['2.4.2 set equals', { kind: 'set-equals', name: 'a.corp.test', data: [{ type: 'A', address: '192.0.2.1' }] }, '0001' + '0001' + '00000000' + '0004' + 'c0000201'],
    ['2.4.3 set absent', { kind: 'set-absent', name: 'a.corp.test', type: 'SRV' }, '0021' + '00fe' + '00000000' + '0000'],
    ['2.4.4 name in use', { kind: 'name-in-use', name: 'a.corp.test' }, '00ff' + '00ff' + '00000000' + '0000'],
    ['2.4.5 name not in use', { kind: 'name-not-in-use', name: 'a.corp.test' }, '00ff' + '00fe' + '00000000' + '0000'],
  ])('writes prerequisite %s', (_what, prerequisite, expected) => {
    expect(tail('prerequisite', buildUpdate({ id: 1, zone: 'corp.test', prerequisites: [prerequisite], changes: [] }))).toBe(name + expected);
  });

  // RFC 2136 section 2.5.
  it.each<[string, Change, string]>([
    ['2.5.1 add', { kind: 'add', name: 'a.corp.test', ttlSeconds: 60, data: { type: 'TXT', strings: ['x'] } }, '0010' + '0001' + '0000003c' + '0002' + '0178'],
    ['2.5.2 remove a set', { kind: 'remove-set', name: 'a.corp.test', type: 'TXT' }, '0010' + '00ff' + '00000000' + '0000'],
    ['2.5.3 remove a name', { kind: 'remove-name', name: 'a.corp.test' }, '00ff' + '00ff' + '00000000' + '0000'],
    ['2.5.4 remove a record', { kind: 'remove-record', name: 'a.corp.test', data: { type: 'TXT', strings: ['x'] } }, '0010' + '00fe' + '00000000' + '0002' + '0178'],
  ])('writes change %s', (_what, change, expected) => {
    expect(tail('change', buildUpdate({ id: 1, zone: 'corp.test', changes: [change] }))).toBe(name + expected);
  });

  it.each<[string, () => unknown]>([
    ['a set that must equal nothing', () => buildUpdate({ id: 1, zone: 'corp.test', prerequisites: [{ kind: 'set-equals', name: 'a.corp.test', data: [] }], changes: [] })],
    ['a TTL of 2³¹ seconds', () => buildUpdate({ id: 1, zone: 'corp.test', changes: [{ kind: 'add', name: 'a.corp.test', ttlSeconds: 2 ** 31, data: srv('a.test') }] })],
    ['a name with a command in it', () => encodeMessage(buildUpdate({ id: 1, zone: 'corp.test', changes: [{ kind: 'remove-set', name: 'a.test\nupdate delete b.test', type: 'SRV' }] }))],
  ])('refuses %s', (_what, build) => {
    expect(failureIn(build).kind).toBe('invalid');
  });
});
