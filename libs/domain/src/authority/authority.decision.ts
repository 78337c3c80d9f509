import type { DomainEvent } from '@muster/contracts';
import type { ProblemExtensions, ProblemKind } from '@muster/kernel';
import type { Rejection } from '../activation/screen-request.rule.js';

/**
 * What the authority makes of an order or a request: an event, or why there is none. `unchanged` is an order that was followed before.
 *
 * A request with a genuine key that is refused is an event too, but not the last word: a request may come from a place that nobody gets a new one from, so the
 * same one is decided anew when it comes again. For the same reason it is then rejected, and leaves no second trace: nobody fills the ledger by asking on.
 */
export type AuthorityDecision =
  | { readonly status: 'recorded'; readonly event: DomainEvent }
  | { readonly status: 'refused'; readonly event: DomainEvent }
  | { readonly status: 'unchanged' }
  | Rejection;

export const record = (event: DomainEvent): AuthorityDecision => ({ status: 'recorded', event });

export const refuse = (event: DomainEvent): AuthorityDecision => ({ status: 'refused', event });

export const unchanged: AuthorityDecision = { status: 'unchanged' };

export const rejected = (kind: ProblemKind, detail: string, extensions: ProblemExtensions = {}): Rejection => ({ status: 'rejected', kind, detail, extensions });

export const keyUnknown = (): Rejection => rejected('key-unknown', 'This authority issued no such key. It is well formed, so it is not a typing error: is it the key of another vendor?');
