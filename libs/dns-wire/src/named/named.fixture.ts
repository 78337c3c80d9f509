import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNamed, type NamedPrograms, type PrivateNamed } from '@muster/devstack';
import { systemClock } from '@muster/kernel';
import type { SrvData } from '../message/record-data.js';
import { query, type QueryOptions } from '../query.js';
import { readTsigKeyFile } from '../tsig/tsig-key-file.js';
import type { TsigKey } from '../tsig/tsig-key.js';
import type { Change } from '../update/prerequisite.js';
import { update, type UpdateOptions, type UpdateResult } from '../update/update.js';

export const ZONE = 'corp.test';
export const SERVICE = '_muster._tcp.corp.test';
/** Over this zone the registrar has least privilege. */
export const NARROW_ZONE = 'lab.test';
const TIMEOUT_MS = 10_000;

export interface NamedScene {
  readonly named: PrivateNamed;
  readonly keys: Readonly<Record<'registrar' | 'stranger' | 'sha384' | 'sha512', TsigKey>>;
  /** Updates `corp.test` with the registrar's key over TCP and 127.0.0.1 unless told otherwise. */
  readonly update: (changes: readonly Change[], options?: Partial<UpdateOptions>) => Promise<UpdateResult>;
  /** Asks without a key over TCP unless told otherwise. */
  readonly srvOf: (name: string, options?: Partial<QueryOptions>) => ReturnType<typeof query<'SRV'>>;
  readonly dig: (...question: readonly string[]) => Promise<string>;
  readonly nsupdate: (key: string, commands: readonly string[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A `named` with two zones and four keys of `tsig-keygen`'s, of which `stranger` may do nothing. */
export async function namedScene(programs: NamedPrograms): Promise<NamedScene> {
  const dir = mkdtempSync(join(tmpdir(), 'muster-named-'));
  const wide = ['registrar', 'sha384', 'sha512'].map((key) => `grant ${key} subdomain ${ZONE}. SRV TXT A AAAA CNAME`);
  const narrow = [`grant registrar name _muster._tcp.${NARROW_ZONE}. SRV`, `grant registrar subdomain _sites.${NARROW_ZONE}. SRV`, `grant registrar subdomain _owner._muster._tcp.${NARROW_ZONE}. TXT`];
  const named = await startNamed({
    dir,
    programs,
    keys: [{ name: 'registrar' }, { name: 'stranger' }, { name: 'sha384', algorithm: 'hmac-sha384' }, { name: 'sha512', algorithm: 'hmac-sha512' }],
    zones: [
      { name: ZONE, updatePolicy: wide, records: ['host-1 A 192.0.2.1', 'host-1 AAAA 2001:db8::1', 'alias CNAME host-1', '_off._tcp SRV 0 0 0 .'] },
      { name: NARROW_ZONE, updatePolicy: narrow },
    ],
  });
  const key = (name: string): Promise<TsigKey> => readTsigKeyFile(named.keyFiles.get(name)!);
  const keys = { registrar: await key('registrar'), stranger: await key('stranger'), sha384: await key('sha384'), sha512: await key('sha512') };
  const way = { server: { address: '127.0.0.1', port: named.port }, timeoutMs: TIMEOUT_MS };
  return {
    named,
    keys,
    update: (changes, options) => update({ ...way, key: keys.registrar, zone: ZONE, changes, ...options }),
    srvOf: (name, options) => query({ ...way, recursive: false, ...options, name, type: 'SRV' }),
    dig: (...question) => run(programs.dig, ['@127.0.0.1', '-p', String(named.port), '+short', '+tries=1', ...question]),
    nsupdate: async (name, commands) => void (await run(programs.nsupdate, ['-k', named.keyFiles.get(name)!], [`server 127.0.0.1 ${named.port}`, ...commands, 'send', ''].join('\n'))),
    stop: async () => {
      await named.stop();
      rmSync(dir, { recursive: true });
    },
  };
}

function run(program: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { timeout: TIMEOUT_MS }, (error, stdout, stderr) => (error ? reject(new Error(stderr || stdout, { cause: error })) : resolve(stdout.trim())));
    child.stdin?.end(input);
  });
}

export const srv = (target: string, overrides: Partial<SrvData> = {}): SrvData => ({ type: 'SRV', priority: 10, weight: 20, port: 443, target, ...overrides });
export const add = (name: string, data: Extract<Change, { kind: 'add' }>['data'], ttlSeconds = 60): Change => ({ kind: 'add', name, ttlSeconds, data });
export const remove = (name: string, data: Extract<Change, { kind: 'add' }>['data']): Change => ({ kind: 'remove-record', name, data });

/** A clock that is off by so much. */
export const clockOffBy = (seconds: number) => ({ nowMs: () => systemClock.nowMs() + seconds * 1000 });
