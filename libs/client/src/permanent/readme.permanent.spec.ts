import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { systemClock } from '@muster/kernel';
import { anActivationKey, aVendor } from '@muster/testing';
import type { WireExchange } from '../shell/ports.js';
import { fakeAuthority } from './fake-authority.fixture.js';

const ROOT = join(import.meta.dirname, '..', '..');

describe("the README's example of a multiple activation key", () => {
  const [, example = ''] = /## Activated for good[\s\S]*?```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];

  it('activates a machine for good', async () => {
    const vendor = await aVendor();
    const key = anActivationKey('multiple');
    const authority = fakeAuthority(vendor, { clock: systemClock });
    authority.allowances.set(key.keyId, 1);
    const server = createServer((request, response) => {
      const serve = async (): Promise<void> => {
        const exchange: WireExchange = request.method === 'GET' ? { type: 'revocations' } : { type: 'machine-activation', ...((await json(request)) as { key: string; request: string }) };
        const reply = await authority.exchange('', exchange);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply.type === 'answer' ? reply.body : {}));
      };
      void serve();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const place = mkdtempSync(join(tmpdir(), 'muster-readme-mak-'));
    const file = join(ROOT, 'out-tsc', `readme-permanent-${process.pid}.mjs`);
    try {
      mkdirSync(join(ROOT, 'out-tsc'), { recursive: true });
      const given = `import { openMachine } from '@muster/client';\nconst [dir, hosts, root] = [${JSON.stringify(join(place, 'machine'))}, [], ${JSON.stringify(vendor.rootKey.publicJwk)}];\n`;
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      writeFileSync(file, `${given}${example.replace('https://authority.example', url).replace(/'M[^']*…'/, `'${key.key}'`)}\nexport { permanent };\n`);
      const { permanent } = (await import(file)) as { readonly permanent: boolean };
      expect(permanent).toBe(true);
      expect(authority.allowances.get(key.keyId)).toBe(0);
    } finally {
      rmSync(file, { force: true });
      rmSync(place, { recursive: true });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
