import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as bodyOf } from 'node:stream/consumers';
import { formatEndpointText } from '@muster/contracts';
import type { Change } from '@muster/dns-wire';
import { systemClock, toNumericDate } from '@muster/kernel';
import { createDevelopmentVendor, signHostProof } from '@muster/trust';
import { aClient } from '../client.js';
import { CORP, GENERAL } from '../names.js';
import type { Scene } from '../scene.js';
import { typeAt } from '../scene.js';
import { examine } from './10-examine.js';

const FINDINGS = 8;

interface Seen {
  readonly request: string;
  readonly body: string;
}

/** What `machine discover --json` says of each host. */
interface Discovered {
  readonly hosts: readonly { readonly host: string; readonly proof: { readonly type: string } | null; readonly quarantined: unknown }[];
}

/** A host with a certificate of another vendor: it keeps whatever it is told. */
const startRogue = async ({ stage }: Scene): Promise<{ readonly port: number; readonly seen: readonly Seen[] }> => {
  const seen: Seen[] = [];
  const { hostKey, certificate } = await createDevelopmentVendor({ nowMs: systemClock.nowMs() });
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const body = await bodyOf(request);
      seen.push({ request: `${request.method} ${request.url}`, body });
      const { nonce = '' } = (body === '' ? {} : JSON.parse(body)) as { readonly nonce?: string };
      const proof = await signHostProof({ iss: hostKey.id, iat: toNumericDate(systemClock.nowMs()), nonce, chain: [certificate.jws] }, hostKey);
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ proof }));
    };
    answer().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stage.onEnd(async () => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, seen };
};

/** Somebody puts his own host before all others: no client trusts it, and it learns nothing. */
export const meetRogue = async (scene: Scene): Promise<void> => {
  const { stage, dns, host, first } = scene;
  stage.step('Somebody puts an SRV record of priority 0 before ours, which leads to a host of another vendor');
  const rogue = await startRogue(scene);
  const target = `rogue.${CORP}`;
  const records = [
    { type: 'SRV', priority: 0, weight: 10, port: rogue.port, target },
    { type: 'TXT', strings: formatEndpointText({ target, port: rogue.port, scheme: 'http' }) },
  ] as const;
  await dns.change(records.map((data): Change => ({ kind: 'add', name: GENERAL, ttlSeconds: 60, data })));
  const client = await aClient(scene, 'meets-a-rogue', { domain: CORP });
  const before = await client.discover();
  assert.equal((JSON.parse(before.stdout) as Discovered).hosts[0]?.host, `http://${target}:${rogue.port}`, 'it is the first in the order');
  const { host: decided } = await client.activate();
  assert.notEqual(decided, `http://${target}:${rogue.port}`);
  const served = new Set(rogue.seen.map(({ request }) => request));
  assert.deepEqual([...served], ['POST /v1/host-proofs'], 'the rogue is asked for a proof, first, and for nothing else');
  for (const { body } of rogue.seen) assert.deepEqual(Object.keys(JSON.parse(body) as object), ['nonce'], 'it learns a number that means nothing');
  const discovered = await client.discover();
  assert.equal(discovered.code, 0, discovered.stderr);
  const { hosts } = JSON.parse(discovered.stdout) as Discovered;
  const found = hosts.find((one) => one.host === `http://${target}:${rogue.port}`);
  assert.deepEqual([found?.proof?.type, found?.quarantined === null], ['rogue', false]);
  stage.note(`it was asked for ${rogue.seen.length} proofs and nothing else; the client leaves it alone, and was served by ${decided}`);

  stage.step('`dns check` and `doctor` name it; it stays, for it is not ours to remove');
  const { stdout } = await typeAt(host, ['dns', 'check', '--domain', CORP], FINDINGS);
  assert.match(stdout, /rogue\.corp\.test/);
  assert.match((await examine(scene, client.dir, FINDINGS)).stdout, /rogue/);
  assert.ok((await dns.srv(GENERAL)).some((record) => record.endsWith(target)));
  await dns.change(records.map((data): Change => ({ kind: 'remove-record', name: GENERAL, data })));
  assert.ok((await dns.srv(GENERAL)).some((record) => record.endsWith(first.target)));
};
