import type { DnsClaim } from '@muster/contracts';
import { parseClaim } from '@muster/contracts';
import { toInstant } from '@muster/kernel';

/** No change leaves an epoch of more than 15 digits behind. */
const EPOCH_MAX = 999_999_999_999_998;

const INSTANT_WHOLE_SECONDS = 19;

/** Whose an endpoint's records in a domain are, by the claim that stands there. */
export type Holder =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'ours'; readonly strings: readonly string[]; readonly claim: DnsClaim; readonly atMs: number }
  /** `owner` null: no claim that we know. `strings` null: several records, which no prerequisite of ours can name. */
  | { readonly kind: 'other'; readonly owner: string | null; readonly strings: readonly string[] | null; readonly epoch: number; readonly withdrawn: boolean };

export const holderOf = (claims: readonly (readonly string[])[], deployment: string): Holder => {
  const [strings, ...more] = claims;
  if (strings === undefined) return { kind: 'nobody' };
  if (more.length > 0) return { kind: 'other', owner: null, strings: null, epoch: 0, withdrawn: false };
  const claim = parseClaim(strings);
  const atMs = Date.parse(claim?.at ?? '');
  // What we cannot date, or could not count on from, is none that we know.
  if (claim === undefined || Number.isNaN(atMs) || claim.epoch > EPOCH_MAX) return { kind: 'other', owner: null, strings, epoch: 0, withdrawn: false };
  if (claim.deployment === deployment) return { kind: 'ours', strings, claim, atMs };
  return { kind: 'other', owner: claim.deployment, strings, epoch: claim.epoch, withdrawn: claim.state === 'withdrawn' };
};

export const ownerOf = (holder: Holder): string | null => (holder.kind === 'other' ? holder.owner : null);

/** The claim that a change leaves behind is later than the one before it and than the ledger that ordered it. */
export const epochAfter = (holder: Holder, position: number): number => {
  const before = holder.kind === 'nobody' ? 0 : holder.kind === 'ours' ? holder.claim.epoch : holder.epoch;
  return Math.max(before, position) + 1;
};

/** A claim says when it was written in whole seconds. */
export const claimInstant = (nowMs: number): string => `${toInstant(nowMs).slice(0, INSTANT_WHOLE_SECONDS)}Z`;

interface Question {
  readonly holder: Holder;
  /** Whether records of the endpoint stand there, and whether they are exactly those that are to. */
  readonly found: 'none' | 'as-wanted' | 'otherwise';
  /** An administrator's word on whose claim may be replaced. */
  readonly takeOver: { readonly owner: string | null } | undefined;
}

/** Whether what stands there may be changed. */
export const mayChange = ({ holder, found, takeOver }: Question): boolean => {
  if (holder.kind === 'ours') return true;
  // What was entered by hand just as we want it was entered for us.
  if (holder.kind === 'nobody' && found !== 'otherwise') return true;
  if (holder.kind === 'other' && holder.strings === null) return false;
  // Its owner gave it up, and nothing is left there.
  if (holder.kind === 'other' && holder.withdrawn && found === 'none') return true;
  return takeOver !== undefined && takeOver.owner === ownerOf(holder);
};
