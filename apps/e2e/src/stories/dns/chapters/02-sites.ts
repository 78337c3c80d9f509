import assert from 'node:assert/strict';
import { aClient } from '../client.js';
import type { FurtherGateway } from '../further-gateway.js';
import { atSite, BERLIN, CORP, GENERAL, LAB, LAB_GENERAL, listed, MUNICH } from '../names.js';
import type { Scene } from '../scene.js';
import { untilListed } from '../scene.js';

/** Two gateways of one ledger, at two sites, in two domains: whoever says its site is led to the near one. */
export const leadToTheNearOne = async (scene: Scene, startMunich: () => Promise<FurtherGateway>): Promise<FurtherGateway> => {
  const { stage, dns, first } = scene;
  stage.step('A second gateway of the same ledger starts at another site: both stand in both domains, each at its site');
  const munich = await startMunich();
  for (const name of [GENERAL, LAB_GENERAL]) await untilListed(dns, name, [listed(first), listed(munich)]);
  for (const domain of [CORP, LAB]) {
    await untilListed(dns, atSite(BERLIN, domain), [listed(first)]);
    await untilListed(dns, atSite(MUNICH, domain), [listed(munich)]);
  }

  stage.step('Machines of each site and each domain activate: each is served by the gateway of its site');
  for (const domain of [CORP, LAB]) {
    for (const [site, gateway] of [[BERLIN, first], [MUNICH, munich]] as const) {
      const { host } = await (await aClient(scene, `${site}-${domain.split('.')[0]}`, { domain, site })).activate();
      assert.equal(host, `http://${gateway.endpoint}`, `${site} in ${domain}`);
    }
  }
  return munich;
};
