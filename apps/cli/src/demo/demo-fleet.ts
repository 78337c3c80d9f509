import type { ActivationAnswer, ActivationGrantedAnswer } from '@muster/contracts';
import { systemClock, systemDraws } from '@muster/kernel';
import type { PublicJwk, SigningKey } from '@muster/trust';
import { generateKeyPair, verifyLease } from '@muster/trust';
import { activateMachine, type ActivationWish } from '../activation/activate-machine.js';
import type { HostApi } from '../api/host-api.js';
import type { DemoRequest } from './demo-story.js';

interface DemoMachine {
  readonly key: SigningKey;
  wish?: ActivationWish;
  granted?: ActivationGrantedAnswer;
}

/** The machines of the story: real keys, and every lease verified offline as it comes. */
export interface DemoFleet {
  ask(request: DemoRequest): Promise<ActivationAnswer>;
  /** Sends the last request of the machine again, under its id. */
  repeat(hostname: string): Promise<{ readonly first: ActivationGrantedAnswer | undefined; readonly again: ActivationAnswer }>;
  /** Machines that asked and hold no lease. */
  withoutLease(): readonly string[];
  size(): number;
}

/** @param api answers at the host's address, also after the host was started again there */
export const demoFleet = (api: HostApi, root: PublicJwk): DemoFleet => {
  const machines = new Map<string, DemoMachine>();
  const machineOf = (hostname: string): DemoMachine => {
    const known = machines.get(hostname) ?? { key: generateKeyPair() };
    machines.set(hostname, known);
    return known;
  };
  return {
    ask: async ({ hostname, product, virtual }) => {
      const machine = machineOf(hostname);
      const wish: ActivationWish = { jti: systemDraws.uuid(), product, machine: { hostname, virtual } };
      machine.wish = wish;
      const answer = await activateMachine(api, { key: machine.key, wish });
      if (answer.outcome === 'granted') {
        await verifyLease(answer.lease, { root, atMs: systemClock.nowMs(), machine: machine.key.id, product });
        machine.granted = answer;
      }
      return answer;
    },
    repeat: async (hostname) => {
      const { key, wish, granted } = machineOf(hostname);
      if (wish === undefined) throw new Error(`${hostname} has not asked yet`);
      return { first: granted, again: await activateMachine(api, { key, wish }) };
    },
    withoutLease: () => [...machines].filter(([, { granted }]) => granted === undefined).map(([hostname]) => hostname),
    size: () => machines.size,
  };
};
