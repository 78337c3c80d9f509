import type { HostActivationRequestPayload, InstallationRequestPayload } from '@muster/contracts';
import { hardwareParts, INSTALLATION_REQUEST_MAX } from '@muster/contracts';
import { isProblem } from '@muster/kernel';
import { digestOf, generateKeyPair, signHostActivationRequest, signInstallationRequest, verifyHostActivationRequest, verifyInstallationRequest } from '../index.js';
import { forge } from '../tokens/tokens.fixture.js';

const key = generateKeyPair();
const asked = { jti: '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a10', iat: 1_767_600_000 };

describe("a machine's request for a permanent lease", () => {
  const payload: InstallationRequestPayload = { ...asked, product: 'acme.workstation', machine: { virtual: false }, hardware: { board: digestOf('a board') } };
  const digestFor = async (changes: Partial<InstallationRequestPayload>) =>
    (await verifyInstallationRequest(await signInstallationRequest({ key, payload: { ...payload, ...changes } }))).contentDigest;

  it('is verified under the key that it brings, and named by it', async () => {
    const token = await signInstallationRequest({ key, payload });
    expect(await verifyInstallationRequest(Buffer.from(token))).toMatchObject({ machine: key.id, payload });
  });

  it('is far below what a host keeps of one, also where it says all that it can', async () => {
    const hardware = Object.fromEntries(hardwareParts.map((part) => [part, digestOf(part)]));
    const evidence = (['SLIC', 'MSDM'] as const).map((table) => ({ table, status: 'present' as const, oemId: 'ACMEPC', oemTableId: 'ACMEPRO1', marker: 'A marker of it 1' }));
    const token = await signInstallationRequest({ key, payload: { ...payload, product: 'a'.repeat(128), hardware, evidence } });
    expect(token.length).toBeLessThan(INSTALLATION_REQUEST_MAX * 0.75);
  });

  it('says the same of its content under another moment and id, and something else once what decides differs', async () => {
    const same = await digestFor({});
    expect(await digestFor({ iat: 5, jti: '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a11' })).toBe(same);
    const changes: readonly Partial<InstallationRequestPayload>[] = [
      { product: 'acme.server' },
      { machine: { virtual: true } },
      { hardware: { disk: digestOf('a board') } },
      { hardware: {} },
      { evidence: [] },
      { evidence: [{ table: 'SLIC', status: 'absent' }] },
    ];
    const others = await Promise.all(changes.map(digestFor));
    expect(new Set([same, ...others]).size).toBe(changes.length + 1);
  });

  it('has no place for the key that pays for it', async () => {
    const outcome: unknown = await verifyInstallationRequest(forge({ alg: 'EdDSA', typ: 'muster-installation-request+jwt', jwk: key.publicJwk }, { ...payload, key: 'MABCD' }, key)).catch((error: unknown) => error);
    expect(isProblem(outcome, 'malformed-request') && outcome.extensions.pointer).toBe('/payload/key');
  });
});

describe("a host's request to be certified", () => {
  const payload: HostActivationRequestPayload = { ...asked, keyId: digestOf('a key'), policies: digestOf('policies') };

  it('is verified under the host key that it brings, which is what gets certified', async () => {
    const token = await signHostActivationRequest({ key, payload });
    expect(await verifyHostActivationRequest(token)).toEqual({ host: key.id, hostPublicKey: key.publicJwk, payload });
  });

  it('names the member that is wrong', async () => {
    const outcome: unknown = await verifyHostActivationRequest(forge({ alg: 'EdDSA', typ: 'muster-host-activation-request+jwt', jwk: key.publicJwk }, { ...payload, keyId: 'x' }, key)).catch((error: unknown) => error);
    expect(isProblem(outcome, 'malformed-request') && outcome.extensions.pointer).toBe('/payload/keyId');
  });
});
