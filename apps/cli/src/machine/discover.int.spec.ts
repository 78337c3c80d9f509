import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json as bodyOf } from 'node:stream/consumers';
import { openMachineDirectory } from '@muster/client';
import { formatEndpointText } from '@muster/contracts';
import { namedHere, type PrivateNamed, startNamed } from '@muster/devstack';
import { systemClock, toNumericDate } from '@muster/kernel';
import type { DevelopmentVendor } from '@muster/trust';
import { createDevelopmentVendor, signHostProof, writePublicKeyFile } from '@muster/trust';
import { painter } from '../terminal/paint.js';
import type { Terminal } from '../terminal/terminal.js';
import { discover } from './discover.js';
import { clearDomain, setDomain } from './set-domain.js';
import { setHost } from './settings.js';

const paint = painter(false);

(namedHere('muster machine discover') ? describe : describe.skip)('muster machine discover', () => {
  let place: string;
  let vendor: DevelopmentVendor;
  let dns: PrivateNamed;
  let rootFile: string;
  let dir: string;
  let resolver: string;
  const servers: Server[] = [];
  let lines: string[];
  let notes: string[];

  /** Signs whatever nonce it is given, in the name of that vendor's host. */
  const prover = async ({ hostKey, certificate }: DevelopmentVendor): Promise<number> => {
    const server = createServer((request, response) => {
      const prove = async (): Promise<void> => {
        const { nonce } = (await bodyOf(request)) as { readonly nonce: string };
        const proof = await signHostProof({ iss: hostKey.id, iat: toNumericDate(systemClock.nowMs()), nonce, chain: [certificate.jws] }, hostKey);
        response.end(JSON.stringify({ proof }));
      };
      void prove();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  let ports: { readonly good: number; readonly rogue: number };

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'muster-discover-'));
    const nowMs = systemClock.nowMs();
    vendor = await createDevelopmentVendor({ nowMs });
    rootFile = join(place, 'root.json');
    await writePublicKeyFile(rootFile, vendor.rootKey.publicJwk);
    ports = { good: await prover(vendor), rogue: await prover(await createDevelopmentVendor({ nowMs })) };
    const text = (target: string, port: number): string => formatEndpointText({ target: `${target}.corp.test`, port, scheme: 'http' }).join('');
    dns = await startNamed({
      dir: join(place, 'named'),
      keys: [],
      zones: [
        {
          name: 'corp.test',
          updatePolicy: [],
          records: [
            `_muster._tcp.berlin._sites SRV 5 10 ${ports.good} good`,
            `_muster._tcp.berlin._sites TXT "${text('good', ports.good)}"`,
            `_muster._tcp SRV 0 10 ${ports.rogue} rogue`,
            `_muster._tcp TXT "${text('rogue', ports.rogue)}"`,
            'good A 127.0.0.1',
            'rogue A 127.0.0.1',
          ],
        },
        { name: 'off.test', updatePolicy: [], records: ['_muster._tcp SRV 0 0 0 .'] },
      ],
    });
    resolver = `127.0.0.1:${dns.port}`;
  });
  afterAll(async () => {
    await dns.stop();
    for (const server of servers) server.closeAllConnections();
    for (const server of servers) server.close();
    rmSync(place, { recursive: true });
  });
  beforeEach(() => {
    dir = join(mkdtempSync(join(place, 'machine-')), 'machine');
  });

  const terminal = (json = false): Terminal => {
    lines = [];
    notes = [];
    return { json, verbose: false, watched: false, data: (line) => void lines.push(line), note: (line) => void notes.push(line), progress: () => undefined, paint, paintData: paint };
  };

  it('shows every step, the order, and who proves itself, and keeps nothing', async () => {
    expect(await discover({ dir, root: rootFile, domain: 'corp.test', site: 'berlin', resolver }, terminal())).toBe(0);
    const [good, rogue] = [`http://good.corp.test:${ports.good}`, `http://rogue.corp.test:${ports.rogue}`];
    expect(lines).toEqual([
      'Looking in corp.test, site berlin first',
      '_muster._tcp.berlin._sites.corp.test  1 record',
      `  priority 5, weight 10: good.corp.test, port ${ports.good}`,
      '_muster._tcp.corp.test  1 record',
      `  priority 0, weight 10: rogue.corp.test, port ${ports.rogue}`,
      'good.corp.test  127.0.0.1',
      'rogue.corp.test  127.0.0.1',
      'To be asked in this order:',
      `  1  ${good}  (127.0.0.1)`,
      `  2  ${rogue}  (127.0.0.1)`,
      expect.stringMatching(new RegExp(`^proved  ${good}: host \\S+ of `)),
      expect.stringMatching(new RegExp(`^not proved  ${rogue}: its proof is not believed`)),
    ]);
    expect(existsSync(dir)).toBe(false);
  });

  it('says the same to programs', async () => {
    expect(await discover({ dir, root: rootFile, domain: 'corp.test', resolver }, terminal(true))).toBe(7);
    const said = JSON.parse(lines.join('\n')) as Record<string, unknown>;
    expect(said).toMatchObject({ found: 'listed', rootKnown: true, hosts: [{ host: `http://rogue.corp.test:${ports.rogue}`, scheme: 'http', addresses: ['127.0.0.1'], proof: { type: 'rogue' }, quarantined: null }] });
    expect((said['steps'] as { readonly type: string }[]).map(({ type }) => type)).toEqual(['domains', 'asked', 'addresses', 'order', 'not-proved']);
  });

  it('says why nobody is found', async () => {
    expect(await discover({ dir, root: rootFile, domain: 'off.test', resolver }, terminal())).toBe(7);
    expect([lines[1], notes]).toEqual(['_muster._tcp.off.test  switched off (its target is the root): the search ends here', ['The service is switched off by _muster._tcp.off.test.']]);
    expect(await discover({ dir, root: rootFile, domain: 'corp.test', resolver: '127.0.0.1:1' }, terminal())).toBe(7);
    expect(notes).toEqual(['DNS does not answer (_muster._tcp.corp.test: no DNS server listens there).']);
  });

  it('looks where set-domain said, and says so when a host was set by hand', async () => {
    expect(await setDomain(['Corp.test'])({ dir, site: 'Berlin', resolver }, terminal())).toBe(0);
    expect(lines).toEqual(['The machine finds its hosts by DNS in corp.test, those of site berlin first.']);
    expect(openMachineDirectory(dir).settings()).toEqual({ hosts: [], virtual: false, dns: { domains: ['corp.test'], site: 'berlin', resolvers: [resolver] } });
    expect(await discover({ dir, root: rootFile }, terminal())).toBe(0);
    expect(lines[0]).toBe('Looking in corp.test, site berlin first');
    await setHost('a.example')({ dir }, terminal());
    await discover({ dir, root: rootFile, domain: 'corp.test', resolver }, terminal());
    expect(notes[0]).toContain('asks http://a.example:6878, set by hand, and does not look in DNS');
    expect(await clearDomain({ dir }, terminal(true))).toBe(0);
    expect(openMachineDirectory(dir).settings()).toEqual({ hosts: ['http://a.example:6878'], virtual: false });
    await expect(setDomain(['no domain'])({ dir }, terminal())).rejects.toMatchObject({ reason: 'usage' });
  });
});
