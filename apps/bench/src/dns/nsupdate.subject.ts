import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SECOND_MS } from '@muster/kernel';
import type { Change, Prerequisite, RecordData } from '@muster/dns-wire';
import type { Subject } from '../measure/lane.js';
import { changeOf } from './change-of-endpoint.js';
import type { DnsScene } from './dns-scene.js';
import { ZONE } from './dns-scene.js';

export const NSUPDATE = 'nsupdate';

/** In one process, so that its start (some 20 ms) is a small share of what is measured. */
const UPDATES_A_PROCESS = 200;

const dataOf = (data: RecordData): string => {
  if (data.type === 'SRV') return `SRV ${data.priority} ${data.weight} ${data.port} ${data.target}.`;
  if (data.type === 'TXT') return `TXT ${data.strings.map((string) => JSON.stringify(string)).join(' ')}`;
  throw new Error(`a registrar writes no ${data.type}`);
};

const prerequisiteLine = (one: Prerequisite): string => (one.kind === 'set-equals' ? `prereq yxrrset ${one.name}. ${dataOf(one.data[0] as RecordData)}` : `prereq nxrrset ${one.name}. TXT`);

const changeLine = (one: Change): string => {
  if (one.kind === 'add') return `update add ${one.name}. ${one.ttlSeconds} ${dataOf(one.data)}`;
  if (one.kind === 'remove-record') return `update delete ${one.name}. ${dataOf(one.data)}`;
  throw new Error(`not part of a change of an endpoint: ${one.kind}`);
};

const scriptOf = (endpoint: string, port: number): string => {
  const updates = Array.from({ length: UPDATES_A_PROCESS }, (_, index) => {
    const { prerequisites, changes } = changeOf(endpoint, index + 1);
    return [...prerequisites.map(prerequisiteLine), ...changes.map(changeLine), 'send'].join('\n');
  });
  return [`server 127.0.0.1 ${port}`, `zone ${ZONE}`, ...updates, ''].join('\n');
};

let processes = 0;

const runOne = async ({ nsupdate, keyFile, named }: DnsScene): Promise<void> => {
  processes += 1;
  const child = spawn(nsupdate, ['-v', '-k', keyFile], { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (said += text));
  child.stdin.end(scriptOf(`n${processes}`, named.port));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`nsupdate ended with ${code}: ${said.slice(0, 200)}`);
};

/** BIND's own client with the same changes, one after the other, over TCP. */
export const nsupdateSubject = (scene: DnsScene): Subject => ({
  name: NSUPDATE,
  measure: async (seconds) => {
    const startedMs = performance.now();
    let count = 0;
    while (performance.now() - startedMs < seconds * SECOND_MS) {
      await runOne(scene);
      count += UPDATES_A_PROCESS;
    }
    return { count, seconds: (performance.now() - startedMs) / SECOND_MS };
  },
});
