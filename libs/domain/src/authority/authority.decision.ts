import type { DomainEvent } from '@muster/contracts';
import type { ProblemExtensions, ProblemKind } from '@muster/kernel';
import type { Rejection } from '../activation/screen-request.rule.js';

/**
 * What the authority makes of an order or a request: an event, or why there is none. `unchanged` is an order that was followed before.
 * A refusal of a request that brought a genuine key is an event too.
 */
export type AuthorityDecision = { readonly status: 'recorded'; readonly event: DomainEvent } | { readonly status: 'unchanged' } | Rejection;

export const record = (event: DomainEvent): AuthorityDecision => ({ status: 'recorded', event });

export const unchanged: AuthorityDecision = { status: 'unchanged' };

export const rejected = (kind: ProblemKind, detail: string, extensions: ProblemExtensions = {}): Rejection => ({ status: 'rejected', kind, detail, extensions });

export const keyUnknown = (): Rejection => rejected('key-unknown', 'This authority issued no such key. It is well formed, so it is not a typing error: is it the key of another vendor?');
