import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { NamedOptions, NamedPrograms, PrivateNamed } from '@muster/devstack';
import { findNamed, startNamed } from '@muster/devstack';
import type { Change } from '@muster/dns-wire';
import { query, readTsigKeyFile, update } from '@muster/dns-wire';
import { killNow } from '../../host/processes.js';
import { StorySkipped } from '../../story/story.js';
import { CLOSED, CORP, GENERAL, LAB, LATE, WRONG } from './names.js';

const TIMEOUT_MS = 10_000;

/** A real `named` with the zones of the story, and what people see who ask it. */
export interface StoryNamed {
  readonly port: number;
  readonly address: string;
  readonly keyFile: (key: string) => string;
  /** `0 10 6878 a.corp.test`, sorted. */
  readonly srv: (name: string) => Promise<readonly string[]>;
  readonly txt: (name: string) => Promise<readonly string[]>;
  readonly serial: (zone: string) => Promise<number>;
  /** What a person sees who types `dig +short`. */
  readonly dig: (name: string) => Promise<string>;
  /** The administrator of corp.test, by hand. */
  readonly change: (changes: readonly Change[]) => Promise<void>;
  readonly kill: () => Promise<void>;
  readonly startAgain: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const programs = (): NamedPrograms => {
  try {
    return findNamed();
  } catch (error) {
    throw new StorySkipped(error instanceof Error ? error.message : String(error));
  }
};

/** As docs/operating/dns.md has it: the names of hosts, and nothing else. */
const leastPrivilege = (key: string, zone: string): readonly string[] => [
  `grant ${key} name _muster._tcp.${zone}. SRV TXT`,
  `grant ${key} subdomain _sites.${zone}. SRV TXT`,
  `grant ${key} subdomain _owner._muster._tcp.${zone}. TXT`,
];

const KEYS = ['registrar', 'next', 'rival', 'administrator'];

const TARGETS = ['a', 'b', 'c', 'rogue'].map((host) => `${host} A 127.0.0.1`);

const zones: NamedOptions['zones'] = [
  { name: CORP, updatePolicy: [...['registrar', 'next', 'rival'].flatMap((key) => leastPrivilege(key, CORP)), `grant administrator name ${GENERAL}. SRV TXT`], records: TARGETS },
  { name: LAB, updatePolicy: ['registrar', 'next'].flatMap((key) => leastPrivilege(key, LAB)) },
  { name: WRONG, updatePolicy: leastPrivilege('rival', WRONG) },
  { name: LATE, updatePolicy: leastPrivilege('rival', LATE) },
  { name: CLOSED, updatePolicy: leastPrivilege('registrar', CLOSED) },
];

/** @throws StorySkipped where there is no `named` */
export const startStoryNamed = async (dir: string): Promise<StoryNamed> => {
  const found = programs();
  const options: NamedOptions = { dir: join(dir, 'named'), programs: found, keys: KEYS.map((name) => ({ name })), zones };
  let named: PrivateNamed = await startNamed(options);
  const { port, keyFiles } = named;
  const server = { address: '127.0.0.1', port };
  const keyFile = (key: string): string => keyFiles.get(key) ?? '';
  const asked = { server, timeoutMs: TIMEOUT_MS, recursive: false } as const;
  return {
    port,
    address: `127.0.0.1:${port}`,
    keyFile,
    srv: async (name) => (await query({ ...asked, name, type: 'SRV' })).records.map(({ data }) => `${data.priority} ${data.weight} ${data.port} ${data.target}`).sort(),
    txt: async (name) => (await query({ ...asked, name, type: 'TXT' })).records.map(({ data }) => data.strings.join('')).sort(),
    serial: async (zone) => (await query({ ...asked, name: zone, type: 'SOA' })).records[0]?.data.serial ?? 0,
    dig: async (name) => (await promisify(execFile)(found.dig, ['@127.0.0.1', '-p', String(port), '+short', '+tries=2', '+time=5', 'SRV', name], { timeout: 2 * TIMEOUT_MS })).stdout.trim(),
    change: async (changes) => void (await update({ server, timeoutMs: TIMEOUT_MS, key: await readTsigKeyFile(keyFile('administrator')), zone: CORP, changes })),
    kill: async () => {
      killNow(named.pid);
      await named.exited;
    },
    startAgain: async () => {
      named = await startNamed({ ...options, port });
    },
    stop: () => named.stop(),
  };
};

/** A key of that name which no server knows. */
export const strangeKey = async (name: string): Promise<string> => (await promisify(execFile)(programs().tsigKeygen, ['-a', 'hmac-sha256', name], { timeout: TIMEOUT_MS })).stdout;
