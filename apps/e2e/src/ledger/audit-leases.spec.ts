import type { CloudEvent, DomainEvent } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS, toInstant } from '@muster/kernel';
import { aMachine, anEvent, seededDraws, TEST_START_MS } from '@muster/testing';
import { auditLeases, countEnds } from './audit-leases.js';

const DAY_MS = DAY_SECONDS * SECOND_MS;
const at = (day: number): number => TEST_START_MS + day * DAY_MS;

type Step = readonly [day: number, event: DomainEvent];

const cloudEvents = (steps: readonly Step[]): readonly CloudEvent[] =>
  steps.map(([day, { type, data }], index) => ({
    specversion: '1.0',
    id: `main:${index + 1}`,
    source: '/ledgers/main',
    type: `muster.${type}.v1`,
    time: toInstant(at(day)),
    datacontenttype: 'application/json',
    data: data as unknown as Record<string, unknown>,
    position: index + 1,
    actor: 'service:test',
    leafhash: '',
    runninghash: '',
  }));

const idOf = (name: string): string => seededDraws(`lease ${name}`).uuid();
const subject = (machine: string) => ({ machine: aMachine(machine).id });
const times = (day: number) => ({ issuedAt: toInstant(at(day)), expiresAt: toInstant(at(day + 180)) });

const granted = (day: number, machine: string, lease: string): Step => [day, anEvent('ActivationGranted', { ...subject(machine), ...times(day), leaseId: idOf(lease) })];
const renewed = (day: number, machine: string, lease: string, renewedLease: string): Step => [
  day,
  anEvent('ActivationRenewed', { ...subject(machine), ...times(day), leaseId: idOf(lease), renewedLease: idOf(renewedLease) }),
];
const deferredRenewal = (day: number, machine: string, lease: string): Step => [day, anEvent('RenewalDeferred', { ...subject(machine), lease: idOf(lease) })];
const released = (day: number, machine: string, lease: string): Step => [day, anEvent('ActivationReleased', { ...subject(machine), leaseId: idOf(lease) })];
const expired = (day: number, machine: string, lease: string, grantedDay: number): Step => [
  day,
  anEvent('ActivationExpired', { ...subject(machine), leaseId: idOf(lease), expiredAt: toInstant(at(grantedDay + 180)) }),
];

const audit = (steps: readonly Step[], untilDay: number) => auditLeases(cloudEvents(steps), { recordedUntilMs: at(untilDay) });

describe('the audit of leases', () => {
  it('follows each lease to its end', () => {
    const life = [granted(0, 'a', 'a1'), granted(0, 'b', 'b1'), renewed(7, 'a', 'a2', 'a1'), deferredRenewal(14, 'a', 'a2'), released(15, 'a', 'a2'), granted(16, 'a', 'a3'), expired(180, 'b', 'b1', 0)];
    expect(countEnds(audit(life, 190))).toEqual({ superseded: 1, released: 1, expired: 1, running: 1 });
  });

  it('lets a machine that was restored from a backup renew the lease before', () => {
    expect(countEnds(audit([granted(0, 'a', 'a1'), renewed(7, 'a', 'a2', 'a1'), renewed(8, 'a', 'a3', 'a1')], 9))).toMatchObject({ superseded: 2, running: 1 });
  });

  it.each<[string, readonly Step[], string]>([
    ['a lease that expires twice', [granted(0, 'a', 'a1'), expired(180, 'a', 'a1', 0), expired(181, 'a', 'a1', 0)], 'after it was expired at 2'],
    ['a superseded lease that expires', [granted(0, 'a', 'a1'), renewed(7, 'a', 'a2', 'a1'), expired(180, 'a', 'a1', 0)], 'after it was superseded at 2'],
    ['a released lease that expires', [granted(0, 'a', 'a1'), released(1, 'a', 'a1'), expired(180, 'a', 'a1', 0)], 'after it was released at 2'],
    ['a lease that expires before its time', [granted(0, 'a', 'a1'), expired(179, 'a', 'a1', 0)], 'before its time'],
    ['a lease that expires at another time than its own', [granted(0, 'a', 'a1'), expired(185, 'a', 'a1', 3)], 'says when'],
    ['an expiry that was never recorded', [granted(0, 'a', 'a1')], 'no event says so'],
    ['a renewal of a released lease', [granted(0, 'a', 'a1'), released(1, 'a', 'a1'), renewed(7, 'a', 'a2', 'a1')], 'renews a released lease'],
    ['a renewal of a lease that had run out', [granted(0, 'a', 'a1'), renewed(181, 'a', 'a2', 'a1')], 'had run out'],
    ["a renewal of another machine's lease", [granted(0, 'a', 'a1'), renewed(7, 'b', 'b1', 'a1')], "another machine's lease"],
    ['a renewal of a lease that nobody was given', [renewed(7, 'a', 'a2', 'a1')], 'nobody was given'],
    ['a lease id given twice', [granted(0, 'a', 'a1'), granted(1, 'b', 'a1')], 'again'],
  ])('finds %s', (_, steps, found) => {
    expect(() => audit(steps, 200)).toThrow(found);
  });
});
