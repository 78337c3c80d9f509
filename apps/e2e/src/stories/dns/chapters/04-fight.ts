import assert from 'node:assert/strict';
import { eventually } from '@muster/testing';
import type { Host } from '../../../host/host.js';
import { claimIn, CORP, GENERAL, listed } from '../names.js';
import { RIVAL_WEIGHT } from '../rival.js';
import type { Scene } from '../scene.js';
import { describeDns, eventsOf, PATIENCE, typeAt } from '../scene.js';

const CONFLICT = 5;

/** Two deployments want one endpoint name: nobody overwrites, an administrator's word moves it, and the other one then stands aside. */
export const fight = async (scene: Scene, rival: Host): Promise<void> => {
  const { stage, dns, host, first } = scene;
  const [ours, theirs] = [(await describeDns(host)).deployment, (await describeDns(rival)).deployment];
  const owner = async (): Promise<string | undefined> => /deployment=(\S+)/.exec((await dns.txt(claimIn(CORP, first)))[0] ?? '')?.[1];
  const standing = async (): Promise<readonly string[]> => (await dns.srv(GENERAL)).filter((record) => record.endsWith(` ${first.port} ${first.target}`));
  const untilConflict = (of: Host, with_: string | null, times: number): Promise<void> =>
    eventually(async () => {
      const conflicts = (await eventsOf(of, 'DnsConflictDetected')).filter(({ domain, owner: found }) => domain === CORP && found === with_);
      assert.equal(conflicts.length, times);
    }, PATIENCE);

  stage.step('Another deployment announces the same name and port: it records a conflict, once, and overwrites nothing');
  await untilConflict(rival, ours, 1);
  const serial = await dns.serial(CORP);
  await typeAt(rival, ['dns', 'check', '--domain', CORP], CONFLICT);
  await typeAt(rival, ['dns', 'apply', '--domain', CORP], CONFLICT);
  assert.deepEqual([await owner(), await standing(), await dns.serial(CORP)], [ours, [listed(first)], serial]);

  stage.step('`dns take-over` without --confirm changes nothing; with it the name moves, and the first deployment stands aside');
  await typeAt(rival, ['dns', 'take-over', '--domain', CORP], 2);
  assert.equal(await owner(), ours);
  await typeAt(rival, ['dns', 'take-over', '--domain', CORP, '--confirm']);
  await eventually(async () => assert.deepEqual([await owner(), await standing()], [theirs, [listed(first, { weight: RIVAL_WEIGHT })]]), PATIENCE);
  await untilConflict(host, theirs, 1);
  await typeAt(host, ['dns', 'check', '--domain', CORP], CONFLICT);

  stage.step('It is taken back');
  await typeAt(host, ['dns', 'take-over', '--domain', CORP, '--confirm']);
  await eventually(async () => assert.deepEqual([await owner(), await standing()], [ours, [listed(first)]]), PATIENCE);
  await untilConflict(rival, ours, 2);
};
