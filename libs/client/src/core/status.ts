import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import type { LastContact, MachineState } from './machine-state.js';
import { clockSetBackSeconds, judgedNowMs } from './machine-time.js';
import { nextAction } from './next-action.js';
import type { WarningThresholds } from './policy.js';
import { NOTIFICATION_SECONDS_DEFAULT } from './policy.js';
import { reserveStartsMs } from './send-away.js';

/**
 * What the machine is for its product, from best to worst once it was activated:
 * `licensed`, `grace` (the lease is good, an administrator should look), `notification` (good, and its user should know), `expired`.
 * `unlicensed` never held a lease, or gave it back.
 */
export type LicenceStatus = 'unlicensed' | 'licensed' | 'grace' | 'notification' | 'expired';

export type StatusReason =
  | 'lease-good'
  | 'lease-half-gone'
  | 'lease-ends-soon'
  | 'lease-ended'
  | 'never-asked'
  | 'below-threshold'
  | 'refused'
  | 'no-answer'
  | 'lease-not-believed'
  | 'released'
  | 'permanent'
  | 'hardware-changed'
  | 'waiting-for-proxy';

export interface MachineStatus {
  readonly status: LicenceStatus;
  readonly reason: StatusReason;
  /** One sentence for people. */
  readonly whatToDo: string;
  readonly product: string;
  readonly leaseId: string | null;
  readonly expiresAtMs: number | null;
  /** Until the lease ends, by the time that the machine is judged by; 0 when it has. */
  readonly remainingSeconds: number | null;
  /** How far the clock stands behind times seen before; 0 within 10 minutes. */
  readonly clockSetBackSeconds: number;
  /** When the machine means to ask next; null when it does not. */
  readonly nextContactMs: number | null;
  /** Rounds in a row without an outcome. */
  readonly failing: MachineState['failing'];
  readonly lastContact: LastContact | null;
}

const withoutLease = ({ intent, lastContact }: MachineState): StatusReason => {
  if (intent === 'rest') return 'released';
  switch (lastContact?.outcome) {
    case 'deferred':
      return 'below-threshold';
    case 'refused':
      return 'refused';
    case 'busy':
    case 'unreachable':
      return 'no-answer';
    default:
      return 'never-asked';
  }
};

const judge = (state: MachineState, nowMs: number, { graceSeconds, notificationSeconds = NOTIFICATION_SECONDS_DEFAULT }: WarningThresholds): Pick<MachineStatus, 'status' | 'reason'> => {
  const { lease } = state;
  if (lease === null) return { status: 'unlicensed', reason: withoutLease(state) };
  const atMs = judgedNowMs(state, nowMs);
  const graceStartsMs = graceSeconds === undefined ? reserveStartsMs(lease) : lease.expiresAtMs - graceSeconds * SECOND_MS;
  if (atMs >= lease.expiresAtMs) return { status: 'expired', reason: 'lease-ended' };
  if (atMs >= lease.expiresAtMs - notificationSeconds * SECOND_MS) return { status: 'notification', reason: 'lease-ends-soon' };
  return atMs >= graceStartsMs ? { status: 'grace', reason: 'lease-half-gone' } : { status: 'licensed', reason: 'lease-good' };
};

const why = ({ lastContact }: MachineState): string => {
  switch (lastContact?.outcome) {
    case 'refused':
      return ` The host refused the last request: ${lastContact.detail ?? lastContact.code ?? 'without a reason'}.`;
    case 'busy':
    case 'unreachable':
      return ` The last attempt reached no host that could answer: ${lastContact.detail ?? 'no answer'}.`;
    case 'deferred':
      return ` The host has counted ${lastContact.count ?? 0} of the ${lastContact.threshold ?? 0} machines that it needs.`;
    default:
      return '';
  }
};

/** What to do about each reason, for people. */
export const remedies: Readonly<Record<StatusReason, string>> = {
  'lease-good': 'Nothing: the lease is renewed in the background.',
  'lease-half-gone': 'Bring the machine to where it reaches a host, or see why its renewals fail.',
  'lease-ends-soon': 'Connect the machine to a host before the lease ends.',
  'lease-ended': 'Connect the machine to a host: it asks for a new lease by itself.',
  'never-asked': 'Activate the machine.',
  'below-threshold': 'Wait: the machine is counted, and asks again by itself.',
  refused: 'See why the host refuses; the machine asks again by itself.',
  'no-answer': 'See that the machine reaches a host; it asks again by itself.',
  'lease-not-believed': 'Activate the machine again: the lease kept here is not believed.',
  released: 'Activate the machine if it is to have a lease again.',
  permanent: 'Nothing: the product is activated for good.',
  'hardware-changed': 'Activate the machine again: it is not the one any more that its permanent lease was drawn for.',
  'waiting-for-proxy': 'Wait: the installation request is to be taken to the authority by somebody who can reach it.',
};

const CLOCK_REMEDY = 'Set the clock: it stands behind times that were seen before, and hosts refuse requests of another time. ';

/** The machine's standing as of `nowMs`, without asking anybody. */
export const statusOf = (state: MachineState, nowMs: number, thresholds: WarningThresholds = {}): MachineStatus => {
  const { product, lease, failing, lastContact } = state;
  const judged = judge(state, nowMs, thresholds);
  const setBack = clockSetBackSeconds(state, nowMs);
  const next = nextAction(state, nowMs);
  return {
    ...judged,
    whatToDo: `${setBack > 0 ? CLOCK_REMEDY : ''}${remedies[judged.reason]}${judged.reason === 'lease-good' ? '' : why(state)}`,
    product,
    leaseId: lease?.leaseId ?? null,
    expiresAtMs: lease?.expiresAtMs ?? null,
    remainingSeconds: lease === null ? null : Math.max(0, Math.floor((lease.expiresAtMs - judgedNowMs(state, nowMs)) / SECOND_MS)),
    clockSetBackSeconds: setBack,
    nextContactMs: next.type === 'wait' ? next.untilMs : nowMs,
    failing,
    lastContact,
  };
};

/** Whole days left, as people count them. */
export const remainingDays = ({ remainingSeconds }: Pick<MachineStatus, 'remainingSeconds'>): number | null => (remainingSeconds === null ? null : Math.floor(remainingSeconds / DAY_SECONDS));
