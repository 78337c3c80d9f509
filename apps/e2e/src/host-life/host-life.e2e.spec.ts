import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostDescription } from '@muster/contracts';
import { MINUTE_SECONDS, systemClock, toNumericDate } from '@muster/kernel';
import { aMachine, anActivationKey, aVendor, eventually, hostPolicies } from '@muster/testing';
import { decodeInstallation, encodeConfirmation, isMadeBy, signHostConfirmation, writePublicKeyFile } from '@muster/trust';
import { signWish, WORKSTATION } from '../fleet/wish.js';
import type { Host } from '../host/host.js';
import { startHost } from '../host/host.js';
import { problemOf } from '../host/host-api.js';
import { openDesk } from '../muster/desk.js';

const TEST_TIMEOUT_MS = 240_000;

const dir = mkdtempSync(join(tmpdir(), 'muster-host-life-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const WRONG = { '0': '1', '1': '2', '2': '3', '3': '4', '4': '5', '5': '6', '6': '7', '7': '8', '8': '9', '9': '0' } as Readonly<Record<string, string>>;

/** A code in which somebody misheard one digit of the group. */
const misheard = (code: string, group: number): string =>
  code
    .split(' ')
    .map((digits, index) => (index + 1 === group ? `${WRONG[digits.charAt(0)] ?? ''}${digits.slice(1)}` : digits))
    .join(' ');

it(
  'a host is activated by codes that are read aloud, and after a reinstall by the confirmation that was kept',
  async () => {
    const vendor = await aVendor();
    const key = anActivationKey();
    const policies = await hostPolicies(vendor);
    const [vendorRoot, policiesFile] = [join(dir, 'vendor-root.json'), join(dir, 'policies.jws')];
    await writePublicKeyFile(vendorRoot, vendor.rootKey.publicJwk);
    writeFileSync(policiesFile, policies.jws);
    const dataDir = join(dir, 'data');
    const data = ['--data', dataDir];
    const desk = openDesk(dir);

    /** At the vendor's desk: what was heard on the telephone, and what is read back. */
    const confirmationFor = async (installationCode: string): Promise<string> => {
      const read = decodeInstallation(installationCode);
      if (read.status !== 'read' || !isMadeBy(read, policies.digest)) throw new Error(read.status);
      const issuedAt = Math.floor(toNumericDate(systemClock.nowMs()) / MINUTE_SECONDS) * MINUTE_SECONDS;
      return encodeConfirmation(await signHostConfirmation({ policies, hostPublicKey: read.hostPublicKey, serial: 1, issuedAt, validDays: 365, vendorKey: vendor.vendorKey }));
    };
    const ask = async (host: Host) => host.api.post(await signWish(aMachine('punctual'), { product: WORKSTATION }));
    const statusOf = async (): Promise<HostDescription> => (await desk.typeJson<{ readonly host: HostDescription }>(['host', 'status', ...data])).host;

    let host = await startHost({ dataDir, vendorRoot });
    try {
      const { process: launcher } = host;
      await eventually(() => expect(launcher.output()).toContain('This host is not activated yet'));
      expect(problemOf(await ask(host)).code).toBe('host-not-activated');
      expect(await host.api.head()).toBe(0);

      await desk.fail(['host', 'activate', ...data], { exit: 'conflict', says: /No host key is installed/ });
      await desk.fail(['host', 'install-key', key.key.replace(/.$/, key.ending.endsWith('2') ? '3' : '2'), '--policies', policiesFile, ...data], { exit: 'usage', says: /Group 6/ });
      await desk.type(['host', 'install-key', '-', '--policies', policiesFile, ...data], { input: `${key.key}\n` });
      expect(statSync(join(dataDir, 'vendor', 'activation-key')).mode & 0o077).toBe(0);

      const { installationCode } = await desk.typeJson<{ readonly installationCode: string }>(['host', 'installation-code', ...data]);
      expect(await desk.type(['host', 'installation-code', ...data])).toContain(` 1:  ${installationCode.split(' ').slice(0, 5).join('  ')}`);
      const confirmation = await confirmationFor(installationCode);
      await desk.fail(['host', 'confirm', misheard(confirmation, 17), ...data], { exit: 'usage', says: /Group 17/ });
      await desk.type(['host', 'confirm', ...confirmation.split(' '), ...data]);
      expect((await ask(host)).status).toBe(202);
      const activated = await statusOf();
      expect(activated).toMatchObject({ status: 'active', hostKey: { keyEnding: key.ending }, signingKey: activated.host });
      // The key stands nowhere but in its own file.
      const { events } = await host.api.ledger();
      expect(JSON.stringify(events)).not.toContain(key.key);
      await host.stop();

      // The ledger is lost; the key pair and the confirmation are not.
      rmSync(join(dataDir, 'postgres'), { recursive: true });
      host = await startHost({ dataDir });
      expect(problemOf(await ask(host)).code).toBe('host-not-activated');
      await desk.type(['host', 'install-key', key.key, '--policies', policiesFile, ...data]);
      expect(await desk.type(['host', 'activate', ...data])).toContain('no activation was used');
      const again = await statusOf();
      expect([again.host, again.certificateDigest]).toEqual([activated.host, activated.certificateDigest]);

      await desk.type(['host', 'retire', '--reason', 'decommissioned', ...data]);
      expect(problemOf(await ask(host)).code).toBe('host-retired');
    } finally {
      await host.end();
    }
  },
  TEST_TIMEOUT_MS,
);
