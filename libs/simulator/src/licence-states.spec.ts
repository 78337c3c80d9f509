import fc from 'fast-check';
import { newMachineState, statusOf } from '@muster/client';
import { licenceStateOf } from '@muster/domain';
import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';

const DAY_MS = DAY_SECONDS * SECOND_MS;

const START_MS = Date.UTC(2026, 0, 5);

/** The two sides share no code for it: a client must not need the host's rules. */
it('a host counts a machine as the state that the machine itself shows', () => {
  const lengthMs = fc.oneof(fc.integer({ min: DAY_MS, max: 400 * DAY_MS }), fc.constantFrom(DAY_MS, 30 * DAY_MS, 60 * DAY_MS, 180 * DAY_MS));
  const share = fc.oneof(fc.double({ min: 0, max: 1.2, noNaN: true }), fc.constantFrom(0, 0.5, 1));
  fc.assert(
    fc.property(lengthMs, share, fc.constantFrom(-1, 0, 1), (length, passed, offsetMs) => {
      const lease = { leaseId: 'lease', host: 'host', token: 'token', issuedAtMs: START_MS, expiresAtMs: START_MS + length };
      const fromStart = START_MS + Math.max(0, Math.floor(length * passed) + offsetMs);
      for (const nowMs of [fromStart, Math.max(START_MS, lease.expiresAtMs - 30 * DAY_MS + offsetMs)]) {
        expect(licenceStateOf(lease, nowMs)).toBe(statusOf({ ...newMachineState('acme.workstation'), lease, intent: 'renew' }, nowMs).status);
      }
    }),
  );
});
