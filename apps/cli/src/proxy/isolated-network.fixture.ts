import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { systemClock, systemDraws, toInstant, toNumericDate } from '@muster/kernel';
import { aKey, aVendor, type TestVendor } from '@muster/testing';
import { digestOf, hardwareDigestOf, parseActivationKey, signPermanentLease, verifyInstallationRequest, verifyPermanentLease } from '@muster/trust';

const ORGANISATION = 'example';

interface Left {
  readonly machine: string;
  readonly product: string;
  readonly request: string;
  readonly hostname: string | null;
  lease: string | null;
}

/** The authority and a host over HTTP on loopback, in small: they verify and sign like the real ones. */
export interface IsolatedNetwork {
  readonly url: string;
  readonly vendor: TestVendor;
  /** What is left of each key, by its id. */
  readonly allowances: Map<string, number>;
  readonly left: Map<string, Left>;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** Confirmations of the authority until it breaks off. */
  batchesMax: number;
  host: string;
  close(): Promise<void>;
}

class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
  ) {
    super(code);
  }
}

export const isolatedNetwork = async (): Promise<IsolatedNetwork> => {
  const vendor = await aVendor();
  const drawn = new Map<string, string>();

  const confirmationOf = async (keyText: string, request: string): Promise<object> => {
    const { machine, payload } = await verifyInstallationRequest(request);
    const key = parseActivationKey(keyText);
    const keyId = key.status === 'read' ? key.keyId : '';
    const remaining = network.allowances.get(keyId);
    if (remaining === undefined) throw new Refusal('key-unknown', 404);
    const { product, hardware } = payload;
    const before = drawn.get(`${machine} ${product}`);
    if (before === undefined && remaining === 0) return { outcome: 'refused', machine, reason: 'allowance-exhausted', detail: 'The allowance is spent.' };
    const leaseId = systemDraws.uuid();
    const iat = toNumericDate(systemClock.nowMs());
    const says = { iss: 'development-vendor', sub: machine, aud: product, jti: leaseId, iat, permanent: true as const, organisation: ORGANISATION, cnf: { jkt: machine }, hardware: hardwareDigestOf(hardware) };
    const lease = before ?? (await signPermanentLease({ claims: { ...says, position: 7, chain: [...vendor.chain] }, vendorKey: vendor.vendorKey }));
    const { claims } = await verifyPermanentLease(lease, { root: vendor.rootKey.publicJwk });
    if (before === undefined) network.allowances.set(keyId, remaining - 1);
    drawn.set(`${machine} ${product}`, lease);
    return { outcome: 'granted', machine, product, leaseId: claims.jti, lease, issuedAt: toInstant(systemClock.nowMs()), drawn: before === undefined, remaining: network.allowances.get(keyId) };
  };
  const leave = async ({ request, hostname }: { readonly request: string; readonly hostname?: string }): Promise<object> => {
    const { machine, payload } = await verifyInstallationRequest(request);
    const requestDigest = digestOf(request);
    const known = network.left.get(machine);
    if (known?.request !== request) network.left.set(machine, { machine, product: payload.product, request, hostname: hostname ?? null, lease: null });
    const lease = network.left.get(machine)?.lease ?? null;
    if (lease === null) return { outcome: 'waiting', requestDigest, position: 3, retryAfterSeconds: 7200 };
    return { outcome: 'confirmed', requestDigest, position: 4, leaseId: systemDraws.uuid(), lease };
  };
  const confirmed = async (lease: string): Promise<object> => {
    const { claims } = await verifyPermanentLease(lease, { root: vendor.rootKey.publicJwk });
    const left = network.left.get(claims.sub);
    if (left === undefined) return { outcome: 'not-requested', machine: claims.sub, product: claims.aud, detail: 'The machine left no request here.' };
    const outcome = left.lease === null ? 'confirmed' : 'known';
    left.lease = lease;
    return { outcome, machine: claims.sub, product: claims.aud, leaseId: claims.jti, position: 4 };
  };
  const listed = (personal: boolean): object => ({
    requests: [...network.left.values()]
      .filter(({ lease }) => lease === null)
      .map(({ machine, product, request, hostname }) => ({ machine, product, request, requestDigest: digestOf(request), requestedAt: toInstant(systemClock.nowMs()), position: 3, hostname: personal ? hostname : null })),
    head: 3,
  });
  const description = (): object => ({
    status: 'active',
    host: network.host,
    ledger: 'main',
    head: 3,
    certificate: null,
    certificateDigest: null,
    claims: null,
    hostKey: null,
    signingKey: null,
    announcedKeys: [],
    revocationSequence: 0,
    keys: [],
  });
  const confirmBatch = async ({ key, requests }: { readonly key: string; readonly requests: readonly string[] }): Promise<object> => {
    if (network.batchesMax-- <= 0) throw new Refusal('unavailable', 503);
    const confirmations: object[] = [];
    for (const request of requests) confirmations.push(await confirmationOf(key, request));
    const read = parseActivationKey(key);
    return { confirmations, remaining: network.allowances.get(read.status === 'read' ? read.keyId : '') ?? 0 };
  };
  const respond = async (method: string, url: URL, body: unknown): Promise<object> => {
    switch (`${method} ${url.pathname}`) {
      case 'GET /v1/host':
        return description();
      case 'GET /v1/revocations':
        return { list: null, sequence: 0 };
      case 'POST /v1/machine-activations': {
        const { key, request } = body as { readonly key: string; readonly request: string };
        return confirmationOf(key, request);
      }
      case 'POST /v1/machine-confirmations':
        return confirmBatch(body as Parameters<typeof confirmBatch>[0]);
      case 'GET /v1/installation-requests':
        return listed(url.searchParams.get('personal') === 'true');
      case 'POST /v1/installation-requests':
        return leave(body as Parameters<typeof leave>[0]);
      case 'POST /v1/installation-confirmations':
        return { confirmations: await Promise.all((body as { readonly leases: readonly string[] }).leases.map(confirmed)) };
      default:
        throw new Refusal('not-found', 404);
    }
  };
  const server: Server = createServer((request, response) => {
    const serve = async (): Promise<void> => {
      const url = new URL(request.url ?? '', 'http://host');
      const method = request.method ?? '';
      network.asked.push(`${method} ${url.pathname}`);
      try {
        const body = method === 'POST' ? await json(request) : undefined;
        const answer = JSON.stringify(await respond(method, url, body));
        response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
      } catch (error) {
        const { code, status } = error instanceof Refusal ? error : new Refusal('internal', 500);
        response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ type: `/problems/${code}`, title: code, status, detail: `It is ${code}.`, code }));
      }
    };
    void serve();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const network: IsolatedNetwork = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    vendor,
    allowances: new Map(),
    left: new Map(),
    asked: [],
    batchesMax: Number.POSITIVE_INFINITY,
    host: aKey('host of the isolated network').id,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return network;
};
