import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../host/host.js';
import { RECONCILE_SECONDS } from './first-host.js';
import { CLOSED, CORP, ELSEWHERE, LATE, listed, WRONG } from './names.js';
import type { Scene } from './scene.js';
import { strangeKey } from './story-named.js';

export const RIVAL_WEIGHT = 77;

/** TSIG allows for five minutes. */
const BEHIND_MS = 3_600_000;

/** The clock of the machine that the other deployment's registrar runs on, as far as that process can tell. */
const wrongClock = (file: string): string => `
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const Right = Date;
const isRegistrar = (process.argv[1] ?? '').includes(join('dns-registrar', 'dist'));
let behindMs = 0;
let readAtMs = -Infinity;
const now = () => {
  if (isRegistrar && performance.now() - readAtMs > 200) {
    readAtMs = performance.now();
    behindMs = Number(readFileSync(${JSON.stringify(file)}, 'utf8'));
  }
  return Right.now() - behindMs;
};
globalThis.Date = class Date extends Right {
  constructor(...when) {
    if (when.length === 0) super(now());
    else super(...when);
  }
  static now() {
    return now();
  }
};
`;

/** Another deployment, which wants the name of the first one's gateway, and has domains where it can do nothing. */
export interface Rival {
  readonly host: Host;
  /** What it publishes where it can. */
  readonly record: string;
  /** Of a domain whose server knows this name, and another secret. */
  readonly wrongKeyFile: string;
  setClock(clock: 'right' | 'wrong'): void;
}

export const startRival = async ({ stage, dns, first, proxy }: Scene): Promise<Rival> => {
  const dir = join(stage.dir, 'rival-settings');
  mkdirSync(dir);
  const file = (name: string): string => join(dir, name);
  const [keyFile, wrongKeyFile, dnsFile, behindFile, preload] = [file('rival.key'), file('wrong.key'), file('dns.json'), file('behind-ms'), file('wrong-clock.cjs')];
  copyFileSync(dns.keyFile('rival'), keyFile);
  writeFileSync(wrongKeyFile, await strangeKey('rival'), { mode: 0o600 });
  writeFileSync(behindFile, '0');
  writeFileSync(preload, wrongClock(behindFile));
  const domains = [CORP, LATE, CLOSED, ELSEWHERE].map((domain) => ({ domain, keyFile }));
  writeFileSync(dnsFile, JSON.stringify({ domains: [...domains, { domain: WRONG, keyFile: wrongKeyFile }] }));
  const env = {
    ...{ NODE_OPTIONS: `--require ${preload}`, MUSTER_DNS_FILE: dnsFile, MUSTER_DNS_SERVERS: proxy.address, MUSTER_DNS_RECONCILE_SECONDS: String(RECONCILE_SECONDS) },
    ...{ MUSTER_ADVERTISE: first.endpoint, MUSTER_ADVERTISE_WEIGHT: String(RIVAL_WEIGHT), MUSTER_ADVERTISE_PRIORITY: '10', MUSTER_DNS_RESOLVERS: dns.address },
  };
  const host = await stage.startHost({ name: 'rival', replicas: 'dns-registrar=1', env });
  return { host, record: listed(first, { weight: RIVAL_WEIGHT }), wrongKeyFile, setClock: (clock) => writeFileSync(behindFile, clock === 'right' ? '0' : String(BEHIND_MS)) };
};
