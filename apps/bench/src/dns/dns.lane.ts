import type { Lane } from '../measure/lane.js';
import type { BenchServer } from '../stack/bench-server.js';
import { startDnsScene } from './dns-scene.js';
import { musterUpdates } from './muster.subject.js';
import { NSUPDATE, nsupdateSubject } from './nsupdate.subject.js';

const ONE = 'muster, one after the other';
const IN_FLIGHT = 16;
const MANY = `muster, ${IN_FLIGHT} in flight`;

/** Signed changes of endpoints on a real `named`: ours beside BIND's own client. */
export const openDnsLane = async (server: BenchServer): Promise<Lane> => {
  const scene = await startDnsScene(server);
  return {
    name: 'dns',
    title: 'changes of endpoints in DNS, signed, over TCP',
    unit: 'updates',
    subjects: [nsupdateSubject(scene), musterUpdates(ONE, 1, scene), musterUpdates(MANY, IN_FLIGHT, scene)],
    comparisons: [
      { name: 'muster ÷ nsupdate', of: ONE, against: NSUPDATE },
      { name: `muster with ${IN_FLIGHT} in flight ÷ nsupdate`, of: MANY, against: NSUPDATE },
    ],
    notes: ['Each update has the claim of the one before as its prerequisite, and changes the claim and an SRV record. named writes each to its journal before it answers; every answer’s signature is checked. A registrar needs a few of these an hour.'],
    close: () => Promise.resolve(scene.named.stop()).then(() => undefined),
  };
};
