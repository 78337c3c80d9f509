import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { developmentCatalogue, decodeInstallation, encodeConfirmation, isMadeBy, signHostConfirmation, writePublicKeyFile } from '@muster/trust';
import { MINUTE_SECONDS, systemClock, toNumericDate } from '@muster/kernel';
import { anActivationKey, aVendor, hostPolicies } from '@muster/testing';
import type { Host } from '../../host/host.js';
import { openDesk } from '../../muster/desk.js';
import type { Stage } from '../../story/stage.js';
import type { CapturingProxy } from './capturing-proxy.js';
import { BERLIN, CORP, LAB, MUNICH, PRIORITY } from './names.js';
import type { StoryNamed } from './story-named.js';

/** More than two heartbeats, for a machine with little time for each. */
export const SILENT_AFTER_SECONDS = 25;
/** A day, made short. */
export const WITHDRAW_AFTER_SECONDS = 35;
/** Ten minutes, made short. */
export const RECONCILE_SECONDS = 4;

/** Beside its target, what each gateway is told. */
export const advertised = (dns: StoryNamed, site: string): Readonly<Record<string, string>> => ({
  MUSTER_ADVERTISE_SITES: site,
  MUSTER_ADVERTISE_PRIORITY: String(PRIORITY),
  MUSTER_DNS_RESOLVERS: dns.address,
});

export interface FirstHost {
  readonly host: Host;
  readonly rootFile: string;
  readonly keyFile: string;
  /** As its administrator does it who reads to the vendor what the host says. */
  activate(): Promise<void>;
}

/** Starts a host that nobody has activated, with a registrar that could publish it. */
export const startFirstHost = async (stage: Stage, dns: StoryNamed, proxy: CapturingProxy): Promise<FirstHost> => {
  const vendor = await aVendor();
  const key = anActivationKey();
  const policies = await hostPolicies(vendor, { products: developmentCatalogue.products.map((product) => ({ ...product, threshold: 1 })) });
  const file = (name: string): string => join(stage.dir, name);
  const [rootFile, policiesFile, keyFile] = [file('vendor-root.json'), file('policies.jws'), file('registrar.key')];
  await writePublicKeyFile(rootFile, vendor.rootKey.publicJwk);
  writeFileSync(policiesFile, policies.jws);
  copyFileSync(dns.keyFile('registrar'), keyFile);
  const env = {
    ...{ MUSTER_DNS_DOMAINS: `${CORP},${LAB}`, MUSTER_DNS_SERVERS: proxy.address, MUSTER_DNS_KEY_FILE: keyFile, MUSTER_DNS_SITES: `${BERLIN},${MUNICH}`, MUSTER_DNS_TTL_SECONDS: '60' },
    ...{ MUSTER_DNS_SILENT_AFTER_SECONDS: String(SILENT_AFTER_SECONDS), MUSTER_DNS_WITHDRAW_AFTER_SECONDS: String(WITHDRAW_AFTER_SECONDS), MUSTER_DNS_RECONCILE_SECONDS: String(RECONCILE_SECONDS) },
    ...{ MUSTER_ADVERTISE: `a.${CORP}`, ...advertised(dns, BERLIN) },
  };
  const host = await stage.startHost({ name: 'first', vendorRoot: rootFile, replicas: 'dns-registrar=1', env });
  const desk = openDesk(stage.dir);
  const data = ['--data', host.dataDir];
  return {
    host,
    rootFile,
    keyFile,
    activate: async () => {
      await desk.type(['host', 'install-key', '-', '--policies', policiesFile, ...data], { input: `${key.key}\n` });
      const { installationCode } = await desk.typeJson<{ readonly installationCode: string }>(['host', 'installation-code', ...data]);
      const read = decodeInstallation(installationCode);
      if (read.status !== 'read' || !isMadeBy(read, policies.digest)) throw new Error(`the vendor cannot read the installation code: ${read.status}`);
      const issuedAt = Math.floor(toNumericDate(systemClock.nowMs()) / MINUTE_SECONDS) * MINUTE_SECONDS;
      const confirmation = encodeConfirmation(await signHostConfirmation({ policies, hostPublicKey: read.hostPublicKey, serial: 1, issuedAt, validDays: 365, vendorKey: vendor.vendorKey }));
      await desk.type(['host', 'confirm', ...confirmation.split(' '), ...data]);
    },
  };
};
