import fc from 'fast-check';
import { SIGNATURE_ALGORITHM, tokenTypes } from '@muster/contracts';
import { aMachine } from '@muster/testing';
import type { HostApi } from '../host/host-api.js';
import { problemOf } from '../host/host-api.js';

/** Each run is a request or two over HTTP: enough to meet the odd ones, and a second or two. */
const RUNS = 150;

const machine = aMachine('arbitrary-input');
const header = { alg: SIGNATURE_ALGORITHM, typ: tokenTypes.activationRequest, jwk: machine.key.publicJwk };

const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.string({ unit: 'binary', maxLength: 400 }).map((text) => Buffer.from(text)),
  fc.array(fc.base64String({ maxLength: 80 }), { minLength: 3, maxLength: 3 }).map((parts) => Buffer.from(parts.join('.'))),
  // Well signed, whatever it says: this is what comes past the signature.
  fc.record({ header: fc.oneof(fc.constant(header), fc.object().map((extra) => ({ ...header, ...extra }))), payload: fc.jsonValue() }).map((parts) => Buffer.from(machine.signLoosely(parts))),
);

const types = fc.oneof({ weight: 4, arbitrary: fc.constant('application/jose') }, { weight: 1, arbitrary: fc.constantFrom('application/json', 'text/plain', 'multipart/form-data', 'x', 'application/jose; charset=utf-8') });

const queries = fc.record({ after: fc.string(), limit: fc.string(), type: fc.string(), machine: fc.string(), asOf: fc.string(), pool: fc.string({ minLength: 1 }) });

/** Nothing that is sent makes the host fail, or anything be recorded. */
export const describeArbitraryInput = (api: () => HostApi): void => {
  describe('arbitrary input', () => {
    it('as a request is a problem of the sender, and records nothing', async () => {
      const head = await api().head();
      await fc.assert(
        fc.asyncProperty(bodies, types, async (body, type) => {
          const answer = await api().call('/v1/activations', { method: 'POST', headers: { 'content-type': type }, body });
          expect(answer.status).toBeGreaterThanOrEqual(400);
          expect(answer.status).toBeLessThan(500);
          problemOf(answer);
        }),
        { numRuns: RUNS },
      );
      expect(await api().head()).toBe(head);
    });

    it('as a query is a problem of the sender, or answered', async () => {
      await fc.assert(
        fc.asyncProperty(queries, async ({ pool, asOf, ...query }) => {
          const events = await api().operatorCall(`/v1/events?${new URLSearchParams(query).toString()}`);
          const count = await api().operatorCall(`/v1/pools/${encodeURIComponent(pool)}/count?${new URLSearchParams({ asOf }).toString()}`);
          for (const answer of [events, count]) {
            expect(answer.status).toBeLessThan(500);
            if (answer.status >= 400) problemOf(answer);
          }
        }),
        { numRuns: RUNS / 3 },
      );
    });
  });
};
