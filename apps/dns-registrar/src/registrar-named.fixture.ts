import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findNamed, type NamedOptions, type PrivateNamed, startNamed } from '@muster/devstack';
import type { Change, TsigKey } from '@muster/dns-wire';
import { query, readTsigKeyFile, update } from '@muster/dns-wire';

export const ZONE = 'corp.test';
export const SERVICE = '_muster._tcp.corp.test';
/** The registrar may change nothing in it. */
export const CLOSED_ZONE = 'closed.test';
const TIMEOUT_MS = 10_000;

export interface RegistrarNamed {
  /** The server as it runs now. */
  readonly port: number;
  /** Whether this machine has it. */
  readonly ipv6: boolean;
  readonly keyFile: (key: string) => string;
  readonly address: string;
  /** `0 10 443 a.corp.test`, sorted. */
  readonly srv: (name?: string) => Promise<readonly string[]>;
  readonly txt: (name?: string) => Promise<readonly string[]>;
  readonly ttl: (name?: string) => Promise<number | undefined>;
  /** Somebody with a key of his own. */
  readonly change: (changes: readonly Change[]) => Promise<void>;
  readonly halt: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A real `named`; the keys `registrar` and `next` may do what the registrar needs and no more, `admin` anything in `corp.test`, `stranger` nothing. */
export const registrarNamed = async (): Promise<RegistrarNamed> => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-registrar-named-'));
  const least = (key: string): readonly string[] => [`grant ${key} name ${SERVICE}. SRV TXT`, `grant ${key} subdomain _sites.${ZONE}. SRV TXT`, `grant ${key} subdomain _owner.${SERVICE}. TXT`];
  const options: NamedOptions = {
    dir,
    programs: findNamed(),
    keys: ['registrar', 'next', 'admin', 'stranger'].map((name) => ({ name })),
    zones: [
      { name: ZONE, updatePolicy: [...least('registrar'), ...least('next'), `grant admin subdomain ${ZONE}. SRV TXT CNAME`] },
      { name: CLOSED_ZONE, updatePolicy: [`grant admin subdomain ${CLOSED_ZONE}. SRV TXT`] },
    ],
  };
  let named: PrivateNamed = await startNamed(options);
  const { port, keyFiles } = named;
  const server = { address: '127.0.0.1', port };
  const keyFile = (key: string): string => keyFiles.get(key) ?? '';
  const admin: TsigKey = await readTsigKeyFile(keyFile('admin'));
  const asked = { server, timeoutMs: TIMEOUT_MS, recursive: false } as const;
  return {
    port,
    ipv6: named.addresses.includes('::1'),
    keyFile,
    address: `127.0.0.1:${port}`,
    srv: async (name = SERVICE) => (await query({ ...asked, name, type: 'SRV' })).records.map(({ data }) => `${data.priority} ${data.weight} ${data.port} ${data.target}`).sort(),
    txt: async (name = SERVICE) => (await query({ ...asked, name, type: 'TXT' })).records.map(({ data }) => data.strings.join('')).sort(),
    ttl: async (name = SERVICE) => (await query({ ...asked, name, type: 'SRV' })).records[0]?.ttlSeconds,
    change: async (changes) => void (await update({ server, timeoutMs: TIMEOUT_MS, key: admin, zone: ZONE, changes })),
    halt: () => named.stop(),
    resume: async () => {
      named = await startNamed({ ...options, port });
    },
    stop: async () => {
      await named.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

/** A key file of a server that nobody here knows. */
export const foreignKey = async (name: string): Promise<string> => (await promisify(execFile)(findNamed().tsigKeygen, ['-a', 'hmac-sha256', name], { timeout: TIMEOUT_MS })).stdout;
