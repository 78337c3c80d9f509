import { update } from '@muster/dns-wire';
import { driveInFlight } from '../measure/drive-in-flight.js';
import type { Subject } from '../measure/lane.js';
import { changeOf } from './change-of-endpoint.js';
import type { DnsScene } from './dns-scene.js';
import { ZONE } from './dns-scene.js';

const TIMEOUT_MS = 5_000;

let rounds = 0;

/** Our client: so many endpoints change at the same time, each again as soon as its change is acknowledged, over TCP. */
export const musterUpdates = (name: string, inFlight: number, { named, key }: DnsScene): Subject => ({
  name,
  measure: async (seconds) => {
    rounds += 1;
    const idle = Array.from({ length: inFlight }, (_, endpoint) => ({ endpoint: `m${rounds}-${endpoint}`, epoch: 0 }));
    const operation = async (): Promise<void> => {
      const mine = idle.pop();
      if (mine === undefined) throw new Error('more updates under way than endpoints');
      mine.epoch += 1;
      await update({ server: { address: '127.0.0.1', port: named.port }, key, zone: ZONE, timeoutMs: TIMEOUT_MS, ...changeOf(mine.endpoint, mine.epoch) });
      idle.push(mine);
    };
    return driveInFlight({ inFlight, seconds, operation });
  },
});
