import type { ProblemDocument } from '@muster/contracts';
import type { WishKind } from '../core/machine-state.js';
import type { HostAddress } from '../core/outcome.js';

/** A signed request, as any transport may carry it. */
export interface WireRequest {
  readonly kind: WishKind;
  /** Of the lease that is renewed or released. */
  readonly leaseId: string | null;
  /** The compact JWS. */
  readonly jws: string;
}

/** What else a machine asks of a host or of the vendor's authority, beside its signed requests about leases. */
export type WireExchange =
  /** Of the authority: the key is a secret, and travels in the body. */
  | { readonly type: 'machine-activation'; readonly key: string; readonly request: string }
  /** Of a host, which keeps it for whoever takes it to the authority, and answers with the lease once it is there. */
  | { readonly type: 'installation-request'; readonly request: string; readonly hostname: string }
  /** Of either: the vendor's list of what is not to be believed any more. */
  | { readonly type: 'revocations' };

export type WireReply =
  /** A body that came with success; nothing in it is believed yet. */
  | { readonly type: 'answer'; readonly body: unknown }
  | { readonly type: 'problem'; readonly problem: Pick<ProblemDocument, 'code' | 'status' | 'detail'>; readonly retryAfterSeconds: number | null }
  | { readonly type: 'unreachable'; readonly detail: string };

/** Carries one request to one host. It never rejects: a host that cannot be reached is a reply. */
export interface Transport {
  send(host: HostAddress, request: WireRequest): Promise<WireReply>;
  /** Left out by a transport that carries requests about leases alone: then there are no permanent activations and no revocations. */
  exchange?(address: HostAddress, exchange: WireExchange): Promise<WireReply>;
}

/** Where hosts are found: given by hand, or by whatever a network offers. Asked again at each contact. */
export interface Discovery {
  hosts(): Promise<readonly HostAddress[]>;
}

/** The hosts that somebody named. */
export const givenHosts = (hosts: readonly HostAddress[]): Discovery => ({ hosts: () => Promise.resolve(hosts) });
