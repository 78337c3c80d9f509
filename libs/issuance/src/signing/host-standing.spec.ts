import type { DomainEvent } from '@muster/contracts';
import { hostFold } from '@muster/domain';
import { DAY_SECONDS, Problem, SECOND_MS, toNumericDate } from '@muster/kernel';
import { anEvent, TEST_START_MS } from '@muster/testing';
import { hostStanding } from './host-standing.js';

const example = anEvent('HostActivated');
const activated = anEvent('HostActivated', {
  claims: { ...example.data.claims, nbf: toNumericDate(TEST_START_MS), exp: toNumericDate(TEST_START_MS) + 100 * DAY_SECONDS, renewalGraceSeconds: 30 * DAY_SECONDS },
});

const onDay = (day: number, events: readonly DomainEvent[], { objection, expectsCertificate = false }: { objection?: Problem; expectsCertificate?: boolean } = {}) =>
  hostStanding({ host: events.reduce(hostFold.evolve, hostFold.initialState()), objection, nowMs: TEST_START_MS + day * DAY_SECONDS * SECOND_MS, expectsCertificate });

describe('how a host stands', () => {
  it.each([
    [50, 'up', 'host '],
    [95, 'warn', 'certificate-ends-soon: '],
    [100, 'warn', 'certificate-lapsed: '],
    [130, 'warn', 'certificate-ended: '],
    [-1, 'warn', 'certificate-not-yet-valid: '],
  ] as const)('on day %d of a hundred is %s', (day, status, start) => {
    const standing = onDay(day, [activated]);
    expect(standing.status).toBe(status);
    expect(standing.detail?.startsWith(start)).toBe(true);
  });

  it('before its activation serves to be activated, unless a certificate is about to be recorded', () => {
    expect(onDay(0, [])).toMatchObject({ status: 'warn', detail: expect.stringMatching(/^not-activated: /) as unknown });
    expect(onDay(0, [], { expectsCertificate: true }).status).toBe('down');
  });

  it('is said of a retired host, and is down with the reason where nothing may be decided', () => {
    expect(onDay(0, [activated, anEvent('HostRetired')])).toMatchObject({ status: 'warn', detail: expect.stringMatching(/^retired: /) as unknown });
    for (const [kind, word] of [['host-revoked', 'revoked'], ['host-certificate-not-valid', 'certificate-refused'], ['unavailable', 'signing-key-missing']] as const) {
      expect(onDay(0, [activated], { objection: new Problem(kind, 'because.') })).toEqual({ status: 'down', detail: `${word}: because.` });
    }
  });
});
