import { createHash, createPrivateKey, sign } from 'node:crypto';
import { activationRequestPayloadSchema, SIGNATURE_ALGORITHM, tokenTypes } from '@muster/contracts';
import type { ActivationRequestPayload } from '@muster/contracts';
import { toNumericDate } from '@muster/kernel';
import { signActivationRequest, signingKeyOf } from '@muster/trust';
import type { SigningKey } from '@muster/trust';
import { TEST_START_MS } from '../fixed-clock.js';
import { seededDraws } from '../seeded-draws.js';

/** PKCS #8 around the 32 bytes of an Ed25519 private key (RFC 8410 section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The same key for the same seed, on every run and every machine. Never for anything but tests. */
export const aKey = (seed: string): SigningKey => {
  const secret = createHash('sha256').update(seed).digest();
  return signingKeyOf(createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secret]), format: 'der', type: 'pkcs8' }));
};

/** A request of a physical workstation at {@link TEST_START_MS}. */
export const activationPayload = (overrides: Partial<ActivationRequestPayload> = {}): ActivationRequestPayload =>
  activationRequestPayloadSchema.parse({
    jti: '00000000-0000-4000-8000-000000000001',
    iat: toNumericDate(TEST_START_MS),
    product: 'acme.workstation',
    machine: { hostname: 'ws-01', virtual: false },
    ...overrides,
  });

export interface TestMachine {
  readonly key: SigningKey;
  /** The machine id. */
  readonly id: string;
  readonly hostname: string;
  /** Signs a good request; each one has the machine's next request id unless told otherwise. */
  readonly sign: (overrides?: Partial<ActivationRequestPayload>) => Promise<string>;
  /** Signs whatever it is given, in the right order and with the right key: for requests that must be refused. */
  readonly signLoosely: (parts: { readonly header?: object; readonly payload: unknown }) => string;
}

const encode = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value), 'utf8').toString('base64url');

const hostnameOf = (seed: string): string => seed.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

/** A machine with a key of its own, the same for the same seed. */
export const aMachine = (seed = 'machine'): TestMachine => {
  const key = aKey(`machine:${seed}`);
  const draws = seededDraws(`requests of ${seed}`);
  const hostname = hostnameOf(seed);
  return {
    key,
    id: key.id,
    hostname,
    sign: (overrides = {}) =>
      signActivationRequest({ key, payload: activationPayload({ jti: draws.uuid(), machine: { hostname, virtual: false }, ...overrides }) }),
    signLoosely: ({ header = { alg: SIGNATURE_ALGORITHM, typ: tokenTypes.activationRequest, jwk: key.publicJwk }, payload }) => {
      const signed = `${encode(header)}.${encode(payload)}`;
      return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`;
    },
  };
};

/** `size` machines, different from each other and from every other fleet's. */
export const aFleet = (size: number, seed = 'fleet'): readonly TestMachine[] => Array.from({ length: size }, (_, index) => aMachine(`${seed}-${index + 1}`));
