import type { FirmwareEvidence, HardwareEvidence } from '@muster/contracts';
import { canonicalJson, isSameHardware } from '@muster/contracts';
import type { Draws } from '@muster/kernel';
import type { InstallationWish, PermanentState } from './permanent-state.js';

export type InstallingState = PermanentState & { readonly wish: InstallationWish };

export interface InstallationOptions {
  readonly nowMs: number;
  readonly draws: Pick<Draws, 'uuid'>;
  readonly hardware: HardwareEvidence;
  readonly virtual: boolean;
  readonly evidence?: FirmwareEvidence | undefined;
  readonly way: InstallationWish['way'];
}

type Said = Pick<InstallationOptions, 'hardware' | 'virtual' | 'evidence'>;

const saidBy = ({ hardware, virtual, evidence }: Said): string => canonicalJson({ hardware, virtual, evidence });


/** The same but for parts that make no other machine of it: whoever carries a request for days must not come back with the answer to a former one. */
const saysTheSame = (wish: InstallationWish, said: Said): boolean => {
  const hardware = isSameHardware(wish.hardware, said.hardware) ? wish.hardware : said.hardware;
  return saidBy(wish) === saidBy({ ...said, hardware });
};

/**
 * The state with the request to send, to be stored before it is sent: one that was sent before and says the same is sent again under its id,
 * whichever way it goes this time, so that no crash and no second way draws from an allowance twice.
 */
export const beginInstallation = (state: PermanentState, options: InstallationOptions): InstallingState => {
  const { wish } = state;
  const { nowMs, draws, hardware, virtual, evidence, way } = options;
  // A copy in a file takes nothing back from the host that the request was left with.
  if (wish !== null && saysTheSame(wish, options)) return { ...state, wish: { ...wish, way: way === 'file' ? wish.way : way } };
  return { ...state, leftWith: null, wish: { requestId: draws.uuid(), hardware, virtual, ...(evidence === undefined ? {} : { evidence: [...evidence] }), madeAtMs: nowMs, way } };
};
