import { chownSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepGood, noDiscovery } from '../core/discovery/discovery-state.js';
import { newMachineState } from '../core/new-machine-state.js';
import { newPermanentState } from '../core/permanent/permanent-state.js';
import { openMachineDirectory } from './machine-directory.js';

const PRODUCT = 'acme.workstation';
const DAEMON = 54_321;

/** Only root can give files away; whoever else runs the tests owns all of them. */
const asRoot = process.getuid?.() === 0;

describe('the directory of a machine', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'muster-directory-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('belongs to its owner, also what root typed into it', async () => {
    if (asRoot) chownSync(dir, DAEMON, DAEMON);
    const directory = openMachineDirectory(dir);
    await directory.ensureKey();
    directory.savePermanent(newPermanentState(PRODUCT));
    directory.keepActivationKey('key-id', 'a key');
    directory.keepSettings({ hosts: [], virtual: false });
    const made = readdirSync(dir, { recursive: true, encoding: 'utf8' });
    expect(made.sort()).toEqual(['keys', 'keys/key-id.private.json', 'machine-key.private.json', 'permanent', `permanent/${PRODUCT}.json`, 'products', 'settings.json']);
    for (const name of made) {
      const { uid, mode } = statSync(join(dir, name));
      expect([name, uid, mode & 0o077]).toEqual([name, asRoot ? DAEMON : process.getuid?.(), 0]);
    }
  });

  it('forgets keys that no product names any more, and knows the products of either kind', () => {
    const directory = openMachineDirectory(dir);
    directory.keepActivationKey('kept', 'M1');
    directory.keepActivationKey('dropped', 'M2');
    directory.savePermanent({ ...newPermanentState(PRODUCT), method: 'multiple', key: { kind: 'multiple', keyId: 'kept', ending: 'ABCDE' } });
    directory.save(newMachineState('acme.server'));
    directory.forgetUnusedKeys();
    expect([directory.readActivationKey('kept'), directory.readActivationKey('dropped')]).toEqual(['M1', undefined]);
    expect(directory.products()).toEqual(['acme.server', PRODUCT]);
  });

  it('reads settings of before DNS, keeps what it found there, and forgets that with the machine', () => {
    const directory = openMachineDirectory(dir);
    writeFileSync(join(dir, 'settings.json'), JSON.stringify({ hosts: ['http://a:6878'], virtual: true }));
    expect(directory.settings()).toEqual({ hosts: ['http://a:6878'], virtual: true });
    const dns = { domains: ['corp.example'], site: 'berlin', searchParents: true, allowHttp: true, resolvers: ['192.0.2.53'] };
    directory.keepSettings({ ...directory.settings(), dns });
    const found = keepGood(noDiscovery, 'https://a.corp.example');
    directory.keepDiscovery(found);
    expect([directory.settings().dns, directory.discovery()]).toEqual([dns, found]);
    directory.generalize();
    expect([directory.settings().dns, directory.discovery()]).toEqual([dns, noDiscovery]);
    writeFileSync(join(dir, 'discovery.json'), '{');
    expect(directory.discovery()).toEqual(noDiscovery);
  });
});
