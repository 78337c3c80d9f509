import type { HardwareEvidence } from '@muster/contracts';
import type { MachineState } from '../machine-state.js';
import type { WarningThresholds } from '../policy.js';
import type { MachineStatus, StatusReason } from '../status.js';
import { remedies, statusOf } from '../status.js';
import { nextInstallation } from './next-installation.js';
import type { InstalledKey, Method, PermanentContactMade, PermanentState } from './permanent-state.js';
import { leaseInUse } from './wants-lease.js';

/** A product on a machine, whichever method it is activated by. */
export interface ProductStatus extends MachineStatus {
  readonly method: Method;
  /** Activated for good: `expiresAtMs` and `remainingSeconds` are null, and nothing is renewed. */
  readonly permanent: boolean;
  /** The installed key by its last group; the key itself is shown to nobody. */
  readonly key: InstalledKey | null;
  /** The last contact about the permanent lease. */
  readonly lastInstallation: PermanentContactMade | null;
}

/** What the administrator can do about each refusal. */
const refusalRemedies: Readonly<Record<string, string>> = {
  'key-unknown': 'The vendor issued no such key: check it, and install the right one.',
  'key-revoked': 'The vendor revoked the key: install another one.',
  'allowance-exhausted': "The key's allowance is spent: ask the vendor to raise it, or install another key.",
  'group-not-covered': "The key is for other products: install one of this product's group.",
  'qualification-missing': 'The product is licensed as an upgrade, and this machine does not qualify: install it with a full licence.',
};

const missing = ({ lease, key, wish, lastContact }: PermanentState): { readonly reason: StatusReason; readonly whatToDo: string } => {
  if (lastContact?.outcome === 'refused' && wish === null) {
    return { reason: 'refused', whatToDo: `${refusalRemedies[lastContact.code ?? ''] ?? 'See why the authority refuses.'} It said: ${lastContact.detail ?? lastContact.code ?? 'no reason'}` };
  }
  if (lease !== null) {
    const way = key === null ? 'Hand a new installation request over.' : 'It asks for a new one by itself; that draws from the allowance again.';
    return { reason: 'hardware-changed', whatToDo: `More than half of the machine's hardware is not what its permanent lease was drawn for: a new activation is needed. ${way}` };
  }
  if (wish !== null && wish.way !== 'independent') return { reason: 'waiting-for-proxy', whatToDo: remedies['waiting-for-proxy'] };
  if (lastContact === null) return { reason: 'never-asked', whatToDo: remedies['never-asked'] };
  return { reason: 'no-answer', whatToDo: `See that the machine reaches the authority; it asks again by itself. ${lastContact.detail ?? ''}`.trimEnd() };
};

const GOOD: readonly MachineStatus['status'][] = ['licensed', 'grace', 'notification'];

/** The product's standing as of `nowMs`, without asking anybody. A volume lease still counts until the permanent one is there. */
export const productStatusOf = (
  permanent: PermanentState,
  { volume, hardware, nowMs, thresholds = {} }: { readonly volume: MachineState; readonly hardware: HardwareEvidence; readonly nowMs: number; readonly thresholds?: WarningThresholds },
): ProductStatus => {
  const { method, key, lastContact } = permanent;
  const byVolume = statusOf(volume, nowMs, thresholds);
  const about = { method, key, lastInstallation: lastContact };
  const next = nextInstallation(permanent, { nowMs, hardware });
  const nextMs = next.type === 'none' ? null : next.type === 'ask' ? nowMs : next.untilMs;
  if (method === 'volume') {
    const soonest = nextMs === null || byVolume.nextContactMs === null ? (nextMs ?? byVolume.nextContactMs) : Math.min(nextMs, byVolume.nextContactMs);
    return { ...byVolume, ...about, permanent: false, nextContactMs: soonest };
  }
  const lease = leaseInUse(permanent, hardware);
  const noEnd = { expiresAtMs: null, remainingSeconds: null, nextContactMs: nextMs };
  if (lease !== null) return { ...byVolume, ...noEnd, ...about, status: 'licensed', reason: 'permanent', whatToDo: remedies.permanent, leaseId: lease.leaseId, permanent: true };
  const { reason, whatToDo } = missing(permanent);
  if (GOOD.includes(byVolume.status)) return { ...byVolume, ...about, whatToDo, permanent: false, nextContactMs: nextMs };
  return { ...byVolume, ...noEnd, ...about, status: 'unlicensed', reason, whatToDo, leaseId: null, permanent: false };
};
