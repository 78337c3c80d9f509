import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, toNumericDate } from '@muster/kernel';
import { aMachine } from '@muster/testing';
import type { SigningKey } from '@muster/trust';
import { generateKeyPair, signHostActivationRequest } from '@muster/trust';
import type { Authority } from '../../authority/authority.js';
import { hostActivationOf } from '../../authority/authority.js';
import { problemOf } from '../../host/host-api.js';
import type { IssuedKey, Scene } from './scene.js';
import { expectProblem, issuedKey } from './scene.js';
import { catalogue, WORKSTATION } from './vendor-catalogue.js';

/** What a key allows unless the vendor says otherwise. */
const HOSTS_A_KEY = 6;

export interface HostKeys {
  readonly workstations: IssuedKey;
  readonly servers: IssuedKey;
  /** Of the latter, for hosts that cannot fetch them. */
  readonly policiesFile: string;
}

/** The vendor puts its catalogue in force and issues a host key for each group. */
export const issueHostKeys = async (scene: Pick<Scene, 'stage' | 'desk' | 'authority' | 'secrets'>): Promise<HostKeys> => {
  const { stage, desk, authority } = scene;
  const [file, policiesFile] = [join(stage.dir, 'catalogue.json'), join(stage.dir, 'servers.policies.jws')];
  writeFileSync(file, JSON.stringify(catalogue, undefined, 2));
  const here = ['--data', authority.dataDir];
  assert.match(await desk.type(['authority', 'catalogue', 'apply', file, ...here]), /In force from position 1/);
  assert.match(await desk.type(['authority', 'catalogue', 'apply', file, ...here]), /in force already/);
  const issue = async (group: string, ...options: readonly string[]): Promise<IssuedKey> =>
    issuedKey(scene, await desk.typeJson<IssuedKey>(['authority', 'issue-host-key', '--organisation', 'example', '--group', group, ...options, ...here]));
  return { workstations: await issue('workstations'), servers: await issue('servers', '--policies', policiesFile), policiesFile };
};

/** A request of a machine leaves no trace on a host that nobody has activated. */
const checkNotActivated = async ({ office }: Scene): Promise<void> => {
  assert.equal((await office.api.describe()).host, null);
  const before = await office.api.head();
  const problem = await expectProblem(office, aMachine('handbook-early'), WORKSTATION, 'host-not-activated');
  assert.equal(await office.api.head(), before, `nothing is recorded: ${problem.detail}`);
};

/** One letter of the key is typed wrong, and then it is right; `-` keeps it out of the list of processes. */
const installKey = async ({ desk, office, authority }: Scene, { key }: IssuedKey): Promise<void> => {
  const command = ['host', 'install-key', '-', '--data', office.dataDir, '--authority', authority.url];
  const groups = key.split('-');
  const third = groups[2] ?? '';
  const mistyped = groups.with(2, `${third.startsWith('A') ? 'B' : 'A'}${third.slice(1)}`).join('-');
  await desk.fail(command, { input: mistyped, exit: 'usage', says: /group 3\b/i });
  assert.match(await desk.type(command, { input: key }), /Installed: .* for example and group workstations/);
};

const requestOf = (hostKey: SigningKey, { keyId }: IssuedKey, policies: string): Promise<string> =>
  signHostActivationRequest({ key: hostKey, payload: { jti: randomUUID(), iat: toNumericDate(systemClock.nowMs()), keyId, policies } });

/** A host elsewhere: its key pair, and its signed request. */
const activateElsewhere = async (authority: Authority, issued: IssuedKey, policies: string) => authority.postHostActivation({ key: issued.key, request: await requestOf(generateKeyPair(), issued, policies) });

/** From the vendor's key to as many hosts as it allows, and one more. */
export const activateHosts = async (scene: Scene, { workstations }: HostKeys): Promise<void> => {
  const { stage, desk, authority, office, plant } = scene;
  stage.step('The first host runs, and is not activated: a machine is told so, and nothing is counted');
  await checkNotActivated(scene);

  stage.step("Its administrator types the host key, with one letter wrong first, and activates it on line");
  await installKey(scene, workstations);
  const printed = await desk.type(['host', 'activate', '--data', office.dataDir, '--authority', authority.url]);
  assert.match(printed, /Activated: host .*\n.*1 of 6 hosts; this one 1 of 10 times/);
  const { hostKey, claims } = await office.api.describe();
  assert.deepEqual([claims?.organisation, claims?.coversGroup, hostKey?.keyEnding], ['example', 'workstations', workstations.ending]);

  stage.step('Five more hosts of the organisation, with the same key');
  const policies = hostKey?.policiesDigest ?? '';
  for (let host = 2; host <= HOSTS_A_KEY; host += 1) assert.equal(hostActivationOf(await activateElsewhere(authority, workstations, policies)).hostsUsed, host);

  stage.step('The seventh is refused, with the reason and the way to ask; the vendor raises the limit, and it is activated');
  assert.equal(problemOf(await activateElsewhere(authority, workstations, policies)).code, 'hosts-exhausted');
  await desk.type(['host', 'install-key', '-', '--data', plant.dataDir, '--authority', authority.url], { input: workstations.key });
  const activate = ['host', 'activate', '--data', plant.dataDir, '--authority', authority.url];
  const refused = await desk.fail(activate, { exit: 'conflict', says: /activated 6 hosts, as many as it may/ });
  assert.match(refused, new RegExp(`Ask the vendor for an exception and name the key by its ending, ${workstations.ending}`));
  assert.equal((await plant.api.describe()).host, null);
  await desk.type(['authority', 'raise', workstations.ending, '--hosts', String(HOSTS_A_KEY + 1), '--data', authority.dataDir]);
  assert.match(await desk.type(activate), /7 of 7 hosts/);
};

