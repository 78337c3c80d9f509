import { createHmac } from 'node:crypto';
import { isProblem } from '@muster/kernel';
import fc from 'fast-check';
import { generateKeyPair, TokenRefused } from '../index.js';
import type { Chain } from './chain.fixture.js';
import { aChain } from './chain.fixture.js';
import type { KindName, TokenKind } from './every-kind.fixture.js';
import { everyKind, headerOf, kindNames, tokenOf } from './every-kind.fixture.js';
import { forge, outcomeOf } from './tokens.fixture.js';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

let chain: Chain;
let kinds: Readonly<Record<KindName, TokenKind>>;

beforeAll(async () => {
  chain = await aChain();
  kinds = everyKind(chain);
});

/** What a token that is not in its form is called: a request's sender is told by a problem. */
const malformed = ({ brings }: TokenKind): string => (brings === 'jwk' ? 'malformed-request' : 'malformed');

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Every forgery differs from the genuine token in one thing only, and carries a signature that fits its bytes. */
const forgeries: readonly (readonly [what: string, forged: (kind: TokenKind) => string])[] = [
  ...['none', 'None', 'HS256', 'Ed25519', 'ES256', ''].map((alg) => [`alg "${alg}"`, (kind: TokenKind) => forge({ ...headerOf(kind), alg }, kind.claims, kind.key)] as const),
  ['alg none and no signature', (kind) => `${encode({ ...headerOf(kind), alg: 'none' })}.${encode(kind.claims)}.`],
  [
    'an HMAC under the public key',
    (kind) => {
      const signed = `${encode({ ...headerOf(kind), alg: 'HS256' })}.${encode(kind.claims)}`;
      return `${signed}.${createHmac('sha256', Buffer.from(kind.key.publicJwk.x, 'base64url')).update(signed).digest('base64url')}`;
    },
  ],
  ...[
    { crit: ['exp'] },
    { jku: 'https://example.test/keys' },
    { x5u: 'https://example.test/chain' },
    { x5c: ['MA=='] },
    { b64: false },
    { cty: 'JWT' },
    { zip: 'DEF' },
  ].map((extra) => [`a header that also says ${Object.keys(extra).join()}`, (kind: TokenKind) => forge({ ...headerOf(kind), ...extra }, kind.claims, kind.key)] as const),
  ['a kid and a jwk at once', (kind) => forge({ ...headerOf(kind), kid: kind.key.id, jwk: kind.key.publicJwk }, kind.claims, kind.key)],
  ['a header without typ', (kind) => forge({ ...headerOf(kind), typ: undefined }, kind.claims, kind.key)],
  ['a header without its key', (kind) => forge({ ...headerOf(kind), kid: undefined, jwk: undefined }, kind.claims, kind.key)],
  ['a claim that no schema knows', (kind) => forge(headerOf(kind), { ...kind.claims, admin: true }, kind.key)],
  ['a claim left out', (kind) => forge(headerOf(kind), { ...kind.claims, iat: undefined }, kind.key)],
  ['the last character respelt', (kind) => tokenOf(kind).slice(0, -1) + BASE64URL.charAt(BASE64URL.indexOf(tokenOf(kind).slice(-1)) + 1)],
  ['a fourth part', (kind) => `${tokenOf(kind)}.`],
  ['padding', (kind) => `${tokenOf(kind)}==`],
  ['nothing', () => ''],
];

describe('confusing one thing for another', () => {
  it.each(kindNames)('%s: the genuine one is believed, so that every forgery below is refused for the one thing that it differs in', async (name) => {
    expect(await outcomeOf(kinds[name].verify(tokenOf(kinds[name])))).toBe('believed');
  });

  describe.each(forgeries)('%s', (_, forged) => {
    it.each(kindNames)('is not believed of %s', async (name) => {
      expect(await outcomeOf(kinds[name].verify(forged(kinds[name])))).toBe(malformed(kinds[name]));
    });
  });

  describe.each(kindNames)('%s in the place of', (given) => {
    it.each(kindNames.filter((name) => name !== given))('%s', async (wanted) => {
      const refused = await outcomeOf(kinds[wanted].verify(tokenOf(kinds[given])));
      expect(refused).toBe(kinds[wanted].brings === 'jwk' ? 'malformed-request' : kinds[given].brings === 'jwk' ? 'malformed' : 'wrong-type');
    });
  });

  it.each(kindNames)('the claims of %s under the type of every other kind, and under none that is known', async (name) => {
    const kind = kinds[name];
    const types = [...kindNames.filter((other) => other !== name).map((other) => kinds[other].typ), 'JWT', kind.typ.toUpperCase(), `${kind.typ} `, `application/${kind.typ}`];
    for (const typ of types) {
      expect(await outcomeOf(kind.verify(forge({ ...headerOf(kind), typ }, kind.claims, kind.key)))).toBe(kind.brings === 'jwk' ? 'malformed-request' : 'wrong-type');
    }
  });

  describe('a foreign key', () => {
    it.each(kindNames)('that signed %s under the genuine name is found by the signature', async (name) => {
      const kind = kinds[name];
      expect(await outcomeOf(kind.verify(forge(headerOf(kind), kind.claims, generateKeyPair())))).toBe('signature-invalid');
    });

    it.each(kindNames)('embedded in the header of %s makes it nobody’s or another’s, never the genuine one’s', async (name) => {
      const kind = kinds[name];
      const foreign = generateKeyPair();
      const embedded = forge({ ...headerOf(kind), jwk: foreign.publicJwk }, kind.claims, foreign);
      if (kind.brings === 'kid') expect(await outcomeOf(kind.verify(embedded))).toBe('malformed');
      // A request is its key's own: with a key of its own it is another machine's request, or another host's.
      else expect(await kind.verify(embedded)).toMatchObject(name === 'hostActivationRequest' ? { host: foreign.id } : { machine: foreign.id });
    });

    it.each(kindNames.filter((name) => !name.endsWith('Request')))('that signed %s under its own name is unknown', async (name) => {
      const kind = kinds[name];
      const foreign = generateKeyPair();
      expect(await outcomeOf(kind.verify(forge({ ...headerOf(kind), kid: foreign.id }, kind.claims, foreign)))).toBe('unknown-key');
    });

    it('of the same chain may not sign in another’s place', async () => {
      const keys = { root: chain.rootKey, intermediate: chain.intermediateKey, host: chain.hostKey, delegated: chain.signingKey };
      for (const name of kindNames) {
        const kind = kinds[name];
        if (kind.brings === 'jwk') continue;
        for (const key of Object.values(keys)) {
          if (key.id === kind.key.id) continue;
          expect(await outcomeOf(kind.verify(forge({ ...headerOf(kind), kid: key.id }, kind.claims, key)))).toBe('unknown-key');
        }
      }
    });
  });

  it('any one byte of any token changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...kindNames), fc.nat(), fc.integer({ min: 1, max: 255 }), async (name, at, flip) => {
        const bytes = Buffer.from(tokenOf(kinds[name]));
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ flip;
        const refusal: unknown = await kinds[name].verify(bytes.toString('latin1')).catch((error: unknown) => error);
        expect(refusal instanceof TokenRefused || isProblem(refusal)).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  it('arbitrary text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...kindNames), fc.oneof(fc.string(), fc.tuple(fc.json(), fc.json(), fc.string()).map((parts) => parts.map((part) => Buffer.from(part).toString('base64url')).join('.'))), async (name, text) => {
        expect(await outcomeOf(kinds[name].verify(text))).toBe(malformed(kinds[name]));
      }),
    );
  });
});
