import type { PrivateNamed } from '@muster/devstack';
import { findNamed, startNamed } from '@muster/devstack';
import type { TsigKey } from '@muster/dns-wire';
import { readTsigKeyFile } from '@muster/dns-wire';
import type { BenchServer } from '../stack/bench-server.js';

export const ZONE = 'bench.test';
const KEY = 'registrar';

/** A real `named` on loopback, its zone, and a key that may write there what a registrar writes. */
export interface DnsScene {
  readonly named: PrivateNamed;
  readonly key: TsigKey;
  readonly keyFile: string;
  readonly nsupdate: string;
}

/** @throws Error when Debian's bind9 is not here */
export const startDnsScene = async ({ makeDir, stoppables, progress }: BenchServer): Promise<DnsScene> => {
  const programs = findNamed();
  progress('starting named …');
  const policy = [`grant ${KEY} subdomain ${ZONE}. SRV TXT`];
  const named = await startNamed({ dir: makeDir('named'), programs, keys: [{ name: KEY }], zones: [{ name: ZONE, updatePolicy: policy }] });
  stoppables.add(() => named.stop());
  const keyFile = named.keyFiles.get(KEY) as string;
  return { named, keyFile, key: await readTsigKeyFile(keyFile), nsupdate: programs.nsupdate };
};
