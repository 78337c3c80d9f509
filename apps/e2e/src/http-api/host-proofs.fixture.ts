import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { hostProofAnswerSchema } from '@muster/contracts';
import { MINUTE_SECONDS, SECOND_MS, systemClock } from '@muster/kernel';
import { generateKeyPair, isTokenRefused, readPublicKeyFile, verifyHostProof } from '@muster/trust';
import type { Host } from '../host/host.js';
import type { Answer } from '../host/host-api.js';
import { jsonOf, problemOf } from '../host/host-api.js';

const JSON_BODY = { 'content-type': 'application/json' };

/** What a client asks of a host that it found by DNS, before anything else. */
export const describeHostProofs = (host: () => Host): void => {
  describe('a host that is asked to prove itself', () => {
    const ask = (body: unknown): Promise<Answer> => host().api.call('/v1/host-proofs', { method: 'POST', headers: JSON_BODY, body: JSON.stringify(body) });
    const newNonce = (): string => randomBytes(32).toString('base64url');
    const root = () => readPublicKeyFile(join(host().dataDir, 'vendor', 'vendor-root.public.json'));

    it('does so to whoever has the vendor’s root, each time anew, and records nothing', async () => {
      const head = await host().api.head();
      const nonces = [newNonce(), newNonce()];
      for (const nonce of nonces) {
        const { proof } = hostProofAnswerSchema.parse(jsonOf(await ask({ nonce })));
        const proved = await verifyHostProof(proof, { root: await root(), nonce, atMs: systemClock.nowMs() });
        expect(proved.host).toBe((await host().api.describe()).host);
        expect(Math.abs(proved.signedAtMs - systemClock.nowMs())).toBeLessThan(MINUTE_SECONDS * SECOND_MS);
      }
      expect(await host().api.head()).toBe(head);
    });

    it('proves nothing to whoever pins another vendor, or asked something else', async () => {
      const nonce = newNonce();
      const { proof } = hostProofAnswerSchema.parse(jsonOf(await ask({ nonce })));
      const refusal = (options: Partial<Parameters<typeof verifyHostProof>[1]>, pinned = root()) =>
        pinned.then((key) => verifyHostProof(proof, { root: key, nonce, atMs: systemClock.nowMs(), ...options })).catch((error: unknown) => (isTokenRefused(error) ? error.reason : error));
      expect(await refusal({ root: generateKeyPair().publicJwk })).toBe('unknown-key');
      expect(await refusal({ nonce: newNonce() })).toBe('not-meant-for-this');
    });

    it('takes a nonce of 32 bytes and nothing else', async () => {
      for (const body of [{}, { nonce: '' }, { nonce: 'A'.repeat(44) }, { nonce: newNonce(), host: 'x' }, null]) expect(problemOf(await ask(body)).code).toBe('malformed-request');
    });
  });
};
