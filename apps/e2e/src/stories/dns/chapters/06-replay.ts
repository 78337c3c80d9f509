import assert from 'node:assert/strict';
import { rcodeName } from '@muster/dns-wire';
import type { CapturingProxy } from '../capturing-proxy.js';
import { sendAgain } from '../capturing-proxy.js';
import type { FurtherGateway } from '../further-gateway.js';
import { atSite, BERLIN, claimIn, CORP, GENERAL, LAB, LAB_GENERAL, listed } from '../names.js';
import type { Scene } from '../scene.js';
import { typeAt, untilListed } from '../scene.js';
import type { StoryNamed } from '../story-named.js';

/** Everything that ever went by, once more: no update may be accepted, and nothing may move. Answers the codes, with how often. */
export const replayAll = async (dns: StoryNamed, proxy: CapturingProxy): Promise<string> => {
  const updates = proxy.updates();
  const serials = async (): Promise<readonly number[]> => [await dns.serial(CORP), await dns.serial(LAB)];
  const before = await serials();
  const codes = new Map<string, number>();
  for (const update of updates) {
    const code = rcodeName(await sendAgain(update, dns.port));
    assert.notEqual(code, 'NOERROR', 'a captured update was accepted a second time');
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  assert.ok(updates.length > 0, 'something was captured');
  assert.deepEqual(await serials(), before, 'no zone has changed');
  return `${updates.length} captured updates sent again: ${[...codes].map(([code, times]) => `${times} ${code}`).join(', ')}`;
};

/** A withdrawal holds, whatever is sent again. */
export const replay = async ({ stage, dns, proxy, host, first, figures }: Scene, { munich, spare }: { readonly munich: FurtherGateway; readonly spare: FurtherGateway }): Promise<void> => {
  stage.step('An endpoint is withdrawn by command, and every update that somebody captured is sent again: nothing comes back');
  await typeAt(host, ['dns', 'withdraw', '--endpoint', spare.endpoint]);
  for (const name of [GENERAL, LAB_GENERAL]) await untilListed(dns, name, [listed(first), listed(munich)]);
  await untilListed(dns, atSite(BERLIN), [listed(first)]);
  const claim = await dns.txt(claimIn(CORP, spare));
  assert.match(claim.join(), /state=withdrawn/);
  const said = await replayAll(dns, proxy);
  stage.note(said);
  figures.set('replayed', proxy.updates().length);
  assert.deepEqual([await dns.srv(GENERAL), await dns.txt(claimIn(CORP, spare))], [[listed(first), listed(munich)].sort(), claim]);
  await typeAt(host, ['dns', 'publish', '--endpoint', spare.endpoint]);
  await untilListed(dns, GENERAL, [listed(first), listed(munich), listed(spare)]);
};
