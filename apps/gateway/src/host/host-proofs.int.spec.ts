import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostProofAnswer, HostProofRequest } from '@muster/contracts';
import { hostProofRequestSchema, subjects } from '@muster/contracts';
import type { PrivateNats } from '@muster/devstack';
import { startNats } from '@muster/devstack';
import { Problem, systemClock, toNumericDate } from '@muster/kernel';
import { aHostCertificate, eventually } from '@muster/testing';
import { signHostProof, verifyHostProof } from '@muster/trust';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { openGateway } from '../open-gateway.fixture.js';

const START_TIMEOUT_MS = 60_000;
const BURST = 5;
const RETIRED = Buffer.alloc(32, 1).toString('base64url');

const nowMs = systemClock.nowMs();
const vendor = aHostCertificate({}, { nowMs });

/** In the place of the activation service: a host that retires when it hears one particular nonce. */
@Controller()
class StandInController {
  @MessagePattern(subjects.hostProve)
  async prove(@Payload({ schema: hostProofRequestSchema }) { nonce }: HostProofRequest): Promise<HostProofAnswer> {
    if (nonce === RETIRED) throw new Problem('host-retired', 'The host was retired.');
    const { hostKey, certificate } = await vendor;
    return { proof: await signHostProof({ iss: hostKey.id, iat: toNumericDate(nowMs), nonce, chain: [certificate.jws] }, hostKey) };
  }
}

@Module({ controllers: [StandInController] })
class StandIn {}

const PATH = '/v1/host-proofs';

describe('a host that is asked to prove itself over HTTP', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-host-proofs-'));
  let nats: PrivateNats;

  beforeAll(async () => {
    nats = await startNats({ dir, users: [] });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await nats?.stop();
    rmSync(dir, { recursive: true, force: true });
  }, START_TIMEOUT_MS);

  const withGateway = async (env: Readonly<Record<string, string>>, use: (ask: (body: unknown) => ReturnType<Awaited<ReturnType<typeof openGateway>>['call']>) => Promise<void>): Promise<void> => {
    const { call, stop } = await openGateway({ natsUrl: nats.url, env, standIns: [{ name: 'activation', module: StandIn }] });
    try {
      await eventually(async () => expect((await call('GET', '/readyz', { token: null })).status).toBe(200));
      await use((body) => call('POST', PATH, { body, token: null }));
    } finally {
      await stop();
    }
  };

  it(
    'answers anybody, with what nobody may keep, or says why not',
    () =>
      withGateway({}, async (ask) => {
        const nonce = randomBytes(32).toString('base64url');
        const answer = await ask({ nonce });
        expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
        const { rootKey, hostKey } = await vendor;
        expect(await verifyHostProof((answer.body as HostProofAnswer).proof, { root: rootKey.publicJwk, nonce, atMs: nowMs })).toMatchObject({ host: hostKey.id });
        expect(await ask({ nonce: RETIRED })).toMatchObject({ status: 410, body: { code: 'host-retired' } });
        for (const body of [{}, { nonce: 'short' }, { nonce, also: 1 }, []]) expect(await ask(body)).toMatchObject({ status: 400, body: { code: 'malformed-request' } });
      }),
    START_TIMEOUT_MS,
  );

  it(
    'is limited like every open route: an address cannot make it sign without end',
    () =>
      withGateway({ MUSTER_ADDRESS_REQUESTS_PER_SECOND: '1', MUSTER_ADDRESS_REQUESTS_BURST: String(BURST) }, async (ask) => {
        const answers = await Promise.all(Array.from({ length: 4 * BURST }, () => ask({ nonce: randomBytes(32).toString('base64url') })));
        const refused = answers.filter(({ status }) => status === 429);
        expect(refused.length).toBeGreaterThanOrEqual(2 * BURST);
        expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
      }),
    START_TIMEOUT_MS,
  );
});
