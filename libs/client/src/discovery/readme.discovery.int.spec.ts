import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatEndpointText } from '@muster/contracts';
import { namedHere, startNamed } from '@muster/devstack';
import { systemClock } from '@muster/kernel';
import { createDevelopmentVendor } from '@muster/trust';
import { fakeHost, listen } from '../shell/fake-host.fixture.js';
import type { Machine } from '../shell/machine.js';

const ROOT = join(import.meta.dirname, '..', '..');

(namedHere("the README's example of DNS") ? describe : describe.skip)("the README's example of DNS", () => {
  const [, example = ''] = /## Found by DNS[\s\S]*?```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];

  it('activates a machine that was told only a domain and its site', async () => {
    const vendor = await createDevelopmentVendor({ nowMs: systemClock.nowMs() });
    const { port, close } = await listen(fakeHost(vendor));
    const place = mkdtempSync(join(tmpdir(), 'muster-readme-dns-'));
    const name = '_muster._tcp.berlin._sites';
    const text = formatEndpointText({ target: 'host.corp.example', port, scheme: 'http' }).join('');
    const named = await startNamed({ dir: join(place, 'named'), keys: [], zones: [{ name: 'corp.example', updatePolicy: [], records: [`${name} SRV 0 10 ${port} host`, `${name} TXT "${text}"`, 'host A 127.0.0.1'] }] });
    const file = join(ROOT, 'out-tsc', `readme-discovery-${process.pid}.mjs`);
    try {
      mkdirSync(join(ROOT, 'out-tsc'), { recursive: true });
      const given = `import { dnsDiscovery, openMachine } from '@muster/client';\nconst [dir, root] = [${JSON.stringify(join(place, 'machine'))}, ${JSON.stringify(vendor.rootKey.publicJwk)}];\n`;
      writeFileSync(file, `${given}${example.replace("site: 'berlin'", `site: 'berlin', resolvers: ['127.0.0.1:${named.port}']`)}\nexport { machine };\n`);
      const { machine } = (await import(file)) as { readonly machine: Machine };
      expect((await machine.activate()).outcome).toMatchObject({ host: `http://host.corp.example:${port}`, reply: { type: 'granted' } });
    } finally {
      rmSync(file, { force: true });
      await named.stop();
      await close();
      rmSync(place, { recursive: true });
    }
  });
});
