import type { ForceRelease, ReleaseAnswer, RenewalAnswer, RetireAnswer, RetireMachine } from '@muster/contracts';
import type { LeaseRequest, RenewalRequest } from '@muster/domain';
import type { CommandIdentity } from '@muster/event-store';

/** Personal data travels beside what is decided. */
export interface RenewCommand {
  readonly kind: 'renew';
  readonly request: RenewalRequest;
  readonly hostname: string;
  readonly address: string | null;
}

export interface ReleaseCommand {
  readonly kind: 'release';
  readonly request: LeaseRequest;
}

export interface ForceReleaseCommand {
  readonly kind: 'force-release';
  readonly order: ForceRelease;
}

export interface RetireCommand {
  readonly kind: 'retire';
  readonly order: RetireMachine;
}

/** Record the ends of whatever is due: which leases these are is decided in the round. */
export interface ExpireCommand {
  readonly kind: 'expire';
}

export type LeaseCommand = RenewCommand | ReleaseCommand | ForceReleaseCommand | RetireCommand | ExpireCommand;

export type LeaseAnswer =
  | { readonly kind: 'renewal'; readonly answer: RenewalAnswer }
  | { readonly kind: 'release'; readonly answer: ReleaseAnswer }
  | { readonly kind: 'retirement'; readonly answer: RetireAnswer }
  | { readonly kind: 'expiry'; readonly expired: number }
  /** Another command of the round changes what this one is decided from: it is submitted again. */
  | { readonly kind: 'next-round' };

export const identifyLeaseCommand = (command: LeaseCommand): CommandIdentity | null => {
  if (command.kind !== 'renew' && command.kind !== 'release') return null;
  const { machine, requestId, contentDigest } = command.request;
  return { machine, requestId, contentDigest };
};
