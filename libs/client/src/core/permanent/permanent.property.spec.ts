import type { HardwareEvidence } from '@muster/contracts';
import { seededDraws, TEST_START_MS } from '@muster/testing';
import fc from 'fast-check';
import { newMachineState } from '../new-machine-state.js';
import { beginInstallation } from './begin-installation.js';
import { installKey, removeKey } from './change-method.js';
import { applyPermanentLease, evolvePermanent } from './evolve-permanent.js';
import { nextInstallation } from './next-installation.js';
import type { PermanentReply } from './permanent-outcome.js';
import { newPermanentState, permanentStateSchema, type InstalledKey, type PermanentState } from './permanent-state.js';
import { productStatusOf } from './product-status.js';

const PRODUCT = 'acme.workstation';
const keys: readonly InstalledKey[] = [
  { kind: 'multiple', keyId: 'm1', ending: 'AAAAA' },
  { kind: 'multiple', keyId: 'm2', ending: 'BBBBB' },
  { kind: 'setup', keyId: 's1', ending: 'CCCCC' },
];
const digest = (char: string): string => char.repeat(43).slice(0, 42) + 'A';
const machines: readonly HardwareEvidence[] = [{ board: digest('a'), disk: digest('b') }, { board: digest('c'), disk: digest('d') }];

const leaseAt = (nowMs: number) => ({ leaseId: `lease-${nowMs}`, organisation: 'example', issuedAtMs: nowMs, token: 'e30.e30.AA' });
const replies: readonly ((nowMs: number) => PermanentReply)[] = [
  (nowMs) => ({ type: 'granted', lease: leaseAt(nowMs), drawn: true, remaining: 0 }),
  () => ({ type: 'waiting', requestDigest: digest('e'), retryAfterSeconds: 7200 }),
  () => ({ type: 'refused', code: 'allowance-exhausted', detail: 'spent' }),
  () => ({ type: 'busy', code: 'overloaded', detail: 'later', retryAfterSeconds: 1e9 }),
  () => ({ type: 'unreachable', detail: 'ECONNREFUSED' }),
];

type Step = (state: PermanentState, hardware: HardwareEvidence, nowMs: number) => PermanentState;

const draws = seededDraws('permanent');
const asks =
  (reply: (nowMs: number) => PermanentReply, way: 'independent' | 'file' | 'host'): Step =>
  (state, hardware, nowMs) =>
    evolvePermanent(beginInstallation(state, { nowMs, draws, hardware, virtual: false, way }), { host: 'h', reply: reply(nowMs), failed: [] }, { nowMs, draws });

const steps = fc.oneof(
  fc.constantFrom(...keys).map((key): Step => (state) => installKey(state, key)),
  fc.constant<Step>((state) => removeKey(state)),
  fc.tuple(fc.constantFrom(...replies), fc.constantFrom('independent', 'file', 'host')).map(([reply, way]) => asks(reply, way)),
  fc.constant<Step>((state, hardware, nowMs) => applyPermanentLease(state, leaseAt(nowMs), hardware)),
);
const lives = fc.array(fc.tuple(steps, fc.constantFrom(...machines)), { maxLength: 30 });

const live = (life: readonly (readonly [Step, HardwareEvidence])[], each: (before: PermanentState, after: PermanentState, hardware: HardwareEvidence, nowMs: number) => void): void => {
  let state = newPermanentState(PRODUCT);
  let nowMs = TEST_START_MS;
  for (const [step, hardware] of life) {
    nowMs += 60_000;
    const after = step(state, hardware, nowMs);
    each(state, after, hardware, nowMs);
    state = after;
  }
};

const statusOf = (state: PermanentState, hardware: HardwareEvidence, nowMs: number) => productStatusOf(state, { volume: newMachineState(PRODUCT), hardware, nowMs });

describe('for all lives of a machine with keys', () => {
  it('what is kept can be read again, and never ends', () => {
    fc.assert(
      fc.property(lives, (life) =>
        live(life, (_before, after, hardware, nowMs) => {
          expect(permanentStateSchema.parse(JSON.parse(JSON.stringify(after)))).toEqual(JSON.parse(JSON.stringify(after)));
          const { permanent, expiresAtMs, status, nextContactMs } = statusOf(after, hardware, nowMs + 1e12);
          if (permanent) expect([status, expiresAtMs]).toEqual(['licensed', null]);
          if (permanent && nextInstallation(after, { nowMs, hardware }).type === 'none') expect(nextContactMs).toBeNull();
        }),
      ),
    );
  });

  it('no answer takes a permanent lease away, and no key loses one', () => {
    fc.assert(fc.property(lives, (life) => live(life, (before, after) => expect(after.lease === null && before.lease !== null).toBe(false))));
  });

  it('a request is given up only for an outcome or another key: the same is asked under the same id', () => {
    fc.assert(
      fc.property(lives, fc.constantFrom(...machines), (life, hardware) =>
        live(life, (_before, after, _then, nowMs) => {
          const again = beginInstallation(after, { nowMs: nowMs + 1, draws, hardware, virtual: false, way: 'independent' });
          const thrice = beginInstallation(again, { nowMs: nowMs + 2, draws, hardware, virtual: false, way: 'host' });
          expect(thrice.wish).toEqual({ ...again.wish, way: 'host' });
        }),
      ),
    );
  });

  it('the machine works by a permanent lease exactly where the method asks for one and it stands on the machine that it was drawn for', () => {
    fc.assert(
      fc.property(lives, (life) =>
        live(life, (_before, after, hardware, nowMs) => {
          const stands = after.lease !== null && after.lease.hardware.board === hardware.board;
          expect(statusOf(after, hardware, nowMs).permanent).toBe(after.method === 'multiple' && stands);
        }),
      ),
    );
  });

  it('nobody waits longer than a day for the next attempt', () => {
    fc.assert(
      fc.property(lives, (life) =>
        live(life, (_before, after, hardware, nowMs) => {
          const next = nextInstallation(after, { nowMs, hardware });
          if (next.type === 'wait') expect(next.untilMs - nowMs).toBeLessThanOrEqual(86_400_000);
        }),
      ),
    );
  });
});
