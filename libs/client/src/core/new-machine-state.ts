import type { MachineState } from './machine-state.js';
import { clientDefaults } from './policy.js';

/** A machine that never asked for the product: it is to ask now. */
export const newMachineState = (product: string): MachineState => ({
  version: 1,
  product,
  lease: null,
  wish: null,
  intent: 'activate',
  due: null,
  drawnForMs: null,
  ...clientDefaults,
  host: { remembered: null, failingSinceMs: null },
  failing: null,
  clock: { highWaterMs: 0, signedMs: 0 },
  lastContact: null,
});
