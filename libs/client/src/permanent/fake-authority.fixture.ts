import { toNumericDate, type Clock } from '@muster/kernel';
import { seededDraws, type TestVendor } from '@muster/testing';
import { isSameHardware, type HardwareEvidence } from '@muster/contracts';
import { digestOf, hardwareDigestOf, parseActivationKey, signPermanentLease, signRevocationList, verifyInstallationRequest } from '@muster/trust';
import type { Transport, WireExchange, WireReply } from '../shell/ports.js';

export const AUTHORITY = 'https://authority.example';

interface Asked {
  readonly type: WireExchange['type'];
  readonly address: string;
  readonly request: string | undefined;
}

/** The vendor's authority in small, and a host that keeps requests: it draws by the rule, signs like the real one, and is in the mood that the test wants. */
export interface FakeAuthority extends Required<Pick<Transport, 'exchange'>> {
  readonly asked: Asked[];
  /** Of the next activations; `hang up` decides it and loses the answer. */
  readonly moods: ('hang up' | 'busy' | { readonly refuse: string })[];
  /** What is left of each key, by its id. */
  readonly allowances: Map<string, number>;
  /** Takes a request to the authority as somebody else would, and hands the lease to the host that keeps it. */
  readonly obtain: (request: string) => Promise<string>;
  revoke(sequence: number, keys: readonly string[]): Promise<void>;
}

const problem = (code: string, status: number): WireReply => ({ type: 'problem', problem: { code, status, detail: `It is ${code}.` }, retryAfterSeconds: null });

export const fakeAuthority = (vendor: TestVendor, { clock }: { readonly clock: Clock }): FakeAuthority => {
  const draws = seededDraws('authority');
  const drawn = new Map<string, HardwareEvidence>();
  const answered = new Map<string, WireReply>();
  const confirmed = new Map<string, string>();
  let list: string | null = null;

  const leaseFor = async (request: string): Promise<string> => {
    const { machine, payload } = await verifyInstallationRequest(request);
    const named = { iss: 'development-vendor', sub: machine, aud: payload.product, jti: draws.uuid(), iat: toNumericDate(clock.nowMs()) };
    const says = { organisation: 'example', cnf: { jkt: machine }, hardware: hardwareDigestOf(payload.hardware), position: 7, chain: [...vendor.chain] };
    return signPermanentLease({ claims: { ...named, ...says, permanent: true }, vendorKey: vendor.vendorKey });
  };
  const activate = async (text: string, request: string): Promise<WireReply> => {
    const mood = authority.moods.shift();
    if (mood === 'busy') return problem('unavailable', 503);
    if (typeof mood === 'object') return problem(mood.refuse, 409);
    const { machine, payload } = await verifyInstallationRequest(request);
    const key = parseActivationKey(text);
    const keyId = key.status === 'read' ? key.keyId : '';
    const left = authority.allowances.get(keyId);
    const before = answered.get(`${machine} ${payload.jti}`);
    if (before !== undefined) return before;
    if (left === undefined) return problem('key-unknown', 404);
    const known = drawn.get(`${keyId} ${machine}`);
    const same = known !== undefined && isSameHardware(known, payload.hardware);
    if (!same && left === 0) return problem('allowance-exhausted', 409);
    if (!same) authority.allowances.set(keyId, left - 1);
    drawn.set(`${keyId} ${machine}`, payload.hardware);
    const reply: WireReply = { type: 'answer', body: { outcome: 'granted', lease: await leaseFor(request), drawn: !same, remaining: authority.allowances.get(keyId), motd: 'hello' } };
    answered.set(`${machine} ${payload.jti}`, reply);
    return mood === 'hang up' ? { type: 'unreachable', detail: 'ECONNRESET' } : reply;
  };

  const authority: FakeAuthority = {
    asked: [],
    moods: [],
    allowances: new Map(),
    obtain: async (request) => {
      const lease = await leaseFor(request);
      confirmed.set(digestOf(request), lease);
      return lease;
    },
    revoke: async (sequence, keys) => {
      list = await signRevocationList({ claims: { iss: 'development-vendor', iat: toNumericDate(clock.nowMs()), sequence, certificates: [], keys: [...keys], chain: [] }, vendorKey: vendor.rootKey });
    },
    exchange: async (address, exchange) => {
      authority.asked.push({ type: exchange.type, address, request: 'request' in exchange ? exchange.request : undefined });
      switch (exchange.type) {
        case 'machine-activation':
          return activate(exchange.key, exchange.request);
        case 'installation-request': {
          const requestDigest = digestOf(exchange.request);
          const lease = confirmed.get(requestDigest);
          if (lease === undefined) return { type: 'answer', body: { outcome: 'waiting', requestDigest, position: 3, retryAfterSeconds: 7200 } };
          return { type: 'answer', body: { outcome: 'confirmed', requestDigest, position: 4, leaseId: draws.uuid(), lease } };
        }
        case 'revocations':
          return { type: 'answer', body: { list, sequence: 1 } };
        case 'host-proof':
          return problem('not-found', 404);
        default:
          return exchange satisfies never;
      }
    },
  };
  return authority;
};
