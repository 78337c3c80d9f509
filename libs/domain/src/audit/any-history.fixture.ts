import fc from 'fast-check';
import type { DomainEvent } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import { decideAnnounceKey, decideChangeKey } from '../hosts/rotate-key.decide.js';
import { decideCreateAccessToken, decideRevokeAccessToken } from '../access/access-tokens.decide.js';
import { decideCreateToken, decideRevokeToken } from '../enrolment/enrolment-tokens.decide.js';
import { decideProxyConfirmation } from '../proxy/confirm-proxy.decide.js';
import { decideProxyRequest } from '../proxy/request-proxy.decide.js';
import { dnsAppends } from './dns-history.fixture.js';
import type { Asked, LeaseAsked } from './recorded-history.fixture.js';
import { digestOf, historyClaims, HOST, jwsOf, machineId, RecordedHistory, sha256Of, uuidOf } from './recorded-history.fixture.js';

const MACHINES = 8;
const machine = fc.nat(MACHINES - 1);

export type Step =
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'activations'; readonly asked: readonly Asked[] }
  | { readonly do: 'leases'; readonly asked: readonly LeaseAsked[] }
  | { readonly do: 'certificate'; readonly threshold: number; readonly onlyEnrolled: boolean; readonly windowDays: number; readonly virtual: boolean }
  | { readonly do: 'token'; readonly uses: number; readonly days: number }
  | { readonly do: 'revoke-token' | 'rotate' | 'retire-host' | 'access' | 'install-key' | 'revocations' }
  | { readonly do: 'proxy'; readonly machines: readonly number[] };

const product = fc.constantFrom('acme.workstation', 'acme.workstation', 'acme.upgrade', 'acme.server');
const asked: fc.Arbitrary<Asked> = fc.record(
  { machine, product, virtual: fc.boolean(), enrolment: fc.constantFrom(digestOf(500), digestOf(501)), cited: fc.boolean() },
  { requiredKeys: ['machine'] },
);
const leaseAsked: fc.Arbitrary<LeaseAsked> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('renew' as const), machine, punctual: fc.boolean(), virtual: fc.boolean(), elsewhere: fc.boolean(), product }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('renew' as const), machine, punctual: fc.boolean(), virtual: fc.constant(false) }) },
  fc.record({ kind: fc.constant('release' as const), machine }),
  fc.record({ kind: fc.constant('force' as const), machine, reason: fc.constantFrom('lost' as const, 'reimaged' as const) }),
  fc.record({ kind: fc.constant('retire' as const), machine }),
  fc.constant({ kind: 'expire' as const }),
);
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.oneof(fc.constantFrom(0, 1, 3600), fc.integer({ min: 1, max: 29 * DAY_SECONDS }), fc.integer({ min: DAY_SECONDS, max: 200 * DAY_SECONDS })) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('activations' as const), asked: fc.array(asked, { minLength: 1, maxLength: 6 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('leases' as const), asked: fc.array(leaseAsked, { minLength: 1, maxLength: 6 }) }) },
  fc.record({ do: fc.constant('certificate' as const), threshold: fc.integer({ min: 1, max: 6 }), onlyEnrolled: fc.boolean(), windowDays: fc.integer({ min: 1, max: 60 }), virtual: fc.boolean() }),
  fc.record({ do: fc.constant('token' as const), uses: fc.integer({ min: 1, max: 3 }), days: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ do: fc.constantFrom('revoke-token' as const, 'rotate' as const, 'retire-host' as const, 'access' as const, 'install-key' as const, 'revocations' as const) }),
  fc.record({ do: fc.constant('proxy' as const), machines: fc.array(machine, { minLength: 1, maxLength: 3 }) }),
);

const decidedEvent = (decision: object): readonly (readonly DomainEvent[])[] => ('event' in decision ? [[decision.event as DomainEvent]] : []);

const take = (history: RecordedHistory, taken: Step, serial: number): void => {
  const nowMs = history.recordedAtMs;
  switch (taken.do) {
    case 'pass':
      return history.pass(taken.seconds);
    case 'activations':
      return history.activations(taken.asked);
    case 'leases':
      return history.leaseRound(taken.asked);
    case 'certificate': {
      const { threshold, onlyEnrolled, windowDays, virtual } = taken;
      const iat = Math.floor(nowMs / SECOND_MS) + serial;
      const [workstation, ...others] = historyClaims.products;
      const products = [{ ...workstation!, threshold }, ...others];
      const pools = [{ name: 'acme', countWindowSeconds: windowDays * DAY_SECONDS, countVirtualMachines: virtual, countOnlyEnrolled: onlyEnrolled }];
      return history.activate({ ...historyClaims, jti: uuidOf(serial), iat, nbf: iat - serial, exp: iat + 365 * DAY_SECONDS, products, pools });
    }
    case 'token': {
      const order = { tokenKey: digestOf(500 + (serial % 2)), maximumUses: taken.uses, expiresInSeconds: taken.days * DAY_SECONDS, actor: 'operator:test' } as const;
      return history.record(decidedEvent(decideCreateToken(order, history.enrolment, { tokenId: uuidOf(5000 + serial), nowMs })));
    }
    case 'revoke-token': {
      const [tokenId] = history.enrolment.tokens.keys();
      return tokenId === undefined ? undefined : history.record(decidedEvent(decideRevokeToken({ tokenId, actor: 'operator:test' }, history.enrolment)));
    }
    case 'rotate': {
      const kid = digestOf(2000 + serial);
      const vouched = { kid, x: digestOf(3), delegation: jwsOf({ iss: HOST, sub: kid, cnf: { jwk: { x: digestOf(3) } } }), host: HOST };
      history.record(decidedEvent(decideAnnounceKey(vouched, history.host, nowMs)));
      history.pass(3 * DAY_SECONDS);
      return history.record(decidedEvent(decideChangeKey({ kid, reason: serial % 3 === 0 ? 'compromise' : 'rotation' }, history.host, history.recordedAtMs)));
    }
    case 'retire-host':
      return history.host.status === 'active' ? history.record([[{ type: 'HostRetired', data: { host: HOST, reason: 'replaced' } }]]) : undefined;
    case 'access': {
      history.record(decidedEvent(decideCreateAccessToken({ tokenHash: digestOf(4000 + serial), role: 'viewer', expiresInSeconds: 3600 }, history.tokens, { nowMs, tokenId: uuidOf(4000 + serial) })));
      return history.record(decidedEvent(decideRevokeAccessToken(uuidOf(4000 + serial), history.tokens)));
    }
    case 'install-key':
      return history.record([[{ type: 'HostKeyInstalled', data: { keyId: digestOf(6000 + serial), keyEnding: 'ABCDE', policies: jwsOf({ serial }), policiesDigest: sha256Of(jwsOf({ serial })) } }]]);
    case 'revocations': {
      const said = { sequence: serial + 1, certificates: [], keys: [digestOf(9000)] };
      return history.record([[{ type: 'RevocationListInstalled', data: { ...said, list: jwsOf(said) } }]]);
    }
    case 'proxy':
      for (const index of taken.machines) {
        const of = { machine: machineId(index), product: 'acme.workstation' };
        const order = { ...of, request: jwsOf({ serial, index }), requestDigest: sha256Of(jwsOf({ serial, index })), requestId: uuidOf(serial), hostname: null, address: null };
        history.record(decidedEvent(decideProxyRequest(order, { host: history.host, requests: history.proxies, usedBefore: false })), `machine:${of.machine}`);
        if (index % 2 === 0) history.record(decidedEvent(decideProxyConfirmation({ ...of, leaseId: uuidOf(7000 + serial), lease: jwsOf({ jti: uuidOf(7000 + serial) }) }, history.proxies)));
      }
  }
};

export const historyOf = (steps: readonly Step[]): RecordedHistory => {
  const history = new RecordedHistory();
  history.activate();
  for (const [index, taken] of steps.entries()) take(history, taken, index + 1);
  return history;
};

/** A history with every kind of decision in it. */
export const fullHistory = (): RecordedHistory => {
  const machines = [0, 1, 2, 3, 4, 5];
  const history = new RecordedHistory();
  history.record([[{ type: 'HostKeyInstalled', data: { keyId: digestOf(1), keyEnding: 'ABCDE', policies: jwsOf({ a: 1 }), policiesDigest: sha256Of(jwsOf({ a: 1 })) } }]]);
  history.activate();
  take(history, { do: 'token', uses: 2, days: 30 }, 2);
  history.activations(machines.map((index) => ({ machine: index, ...(index === 5 ? { enrolment: digestOf(500) } : {}) })));
  history.activations([{ machine: 0, product: 'acme.server' }, { machine: 1, product: 'acme.upgrade' }]);
  history.pass(7 * DAY_SECONDS);
  history.leaseRound([{ kind: 'retire', machine: 4 }, ...[3, 5].map((index) => ({ kind: 'renew' as const, machine: index, punctual: true, virtual: false })), { kind: 'release', machine: 2 }]);
  history.activations([{ machine: 0 }, { machine: 1 }]);
  history.leaseRound([{ kind: 'retire', machine: 1 }]);
  history.leaseRound([{ kind: 'force', machine: 5, reason: 'lost' }, { kind: 'renew', machine: 3, punctual: true, virtual: true }]);
  for (const what of ['rotate', 'access', 'revoke-token', 'revocations'] as const) take(history, { do: what }, 4);
  take(history, { do: 'proxy', machines: [0, 1] }, 5);
  for (const events of dnsAppends(history.recordedAtMs)) history.record(events.map((event) => [event]), 'service:dns-registrar');
  history.pass(200 * DAY_SECONDS);
  history.leaseRound([{ kind: 'expire' }]);
  take(history, { do: 'retire-host' }, 6);
  history.activations([{ machine: 0 }]);
  return history;
};
