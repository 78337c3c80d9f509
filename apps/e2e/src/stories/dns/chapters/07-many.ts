import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { DnsFinding, EndpointBeat } from '@muster/contracts';
import { dnsPlanSchema, endpointIdOf, inboxPrefix, subjects } from '@muster/contracts';
import { connectBus } from '@muster/messaging';
import { eventually } from '@muster/testing';
import { jsonOf } from '../../../host/host-api.js';
import { natsPasswordOf, natsUrlOf } from '../further-gateway.js';
import { LAB, LAB_GENERAL, PRIORITY } from '../names.js';
import type { Scene } from '../scene.js';
import { PATIENCE, typeAt } from '../scene.js';

const WARN = 80;
const MAX = 100;
const WANTED = 110;
const FINDINGS = 8;
/** More often than gateways do, so that a busy machine makes none of them silent. */
const BEAT_MS = 5_000;
/** Each of them is an update of its own, and a claim. */
const MANY_TIMEOUT_MS = 180_000;

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const beatOf = (index: number): EndpointBeat => {
  const place = { target: `host-${String(index).padStart(3, '0')}.${LAB}`, port: 6878 };
  return { ...place, endpoint: endpointIdOf(place), scheme: 'https', sites: [], domains: [LAB], priority: PRIORITY, weight: 10, instance: randomUUID(), stopping: false };
};

/** As many gateways as a campus has, heard over the bus alone. */
export const crowd = async (scene: Scene): Promise<void> => {
  const { stage, dns, host, figures } = scene;
  const bus = connectBus({ url: natsUrlOf(host), user: 'gateway', password: natsPasswordOf(host, 'gateway'), name: 'story', inboxPrefix: inboxPrefix('gateway'), log: silent });
  stage.onEnd(() => bus.close());
  await eventually(() => assert.equal(bus.status().state, 'connected'));
  const beats: EndpointBeat[] = [];
  const timer = setInterval(() => beats.forEach((beat) => bus.publish(subjects.endpointBeat, beat)), BEAT_MS);
  stage.onEnd(async () => clearInterval(timer));
  const fillUpTo = (total: number, already: number): void => {
    while (beats.length < total - already) beats.push(beatOf(beats.length + 1));
    for (const beat of beats) bus.publish(subjects.endpointBeat, beat);
  };
  const findings = async (): Promise<readonly DnsFinding[]> => {
    const answer = await host.api.operatorCall(`/v1/dns/plan?domain=${LAB}`, { timeoutMs: 60_000 });
    return dnsPlanSchema.parse(jsonOf(answer)).domains[0]?.findings ?? [];
  };
  const patience = { timeoutMs: MANY_TIMEOUT_MS, intervalMs: 250 };

  stage.step(`More gateways are heard, until ${WARN} stand at one name: a warning`);
  const already = (await dns.srv(LAB_GENERAL)).length;
  const startedMs = performance.now();
  fillUpTo(WARN, already);
  await eventually(async () => assert.equal((await dns.srv(LAB_GENERAL)).length, WARN), patience);
  figures.set('crowdSeconds', ((performance.now() - startedMs) / 1000).toFixed(1));
  await eventually(async () => assert.deepEqual((await findings()).map(({ severity }) => severity), ['warning']), PATIENCE);
  const [warning] = await findings();
  stage.note(`${WARN - already} more listed within ${figures.get('crowdSeconds')} s: ${warning?.detail}`);
  await typeAt(host, ['dns', 'check', '--domain', LAB], FINDINGS);

  stage.step(`${WANTED} are heard: ${MAX} are listed, and it is said which are left out`);
  fillUpTo(WANTED, already);
  await eventually(async () => assert.ok((await findings()).some(({ severity }) => severity === 'error')), patience);
  await eventually(async () => assert.equal((await dns.srv(LAB_GENERAL)).length, MAX), patience);
  await typeAt(host, ['dns', 'apply', '--domain', LAB]);
  await typeAt(host, ['dns', 'check', '--domain', LAB], FINDINGS);
  assert.equal((await dns.srv(LAB_GENERAL)).length, MAX);
  stage.note((await findings()).find(({ severity }) => severity === 'error')?.detail ?? '');
};
