import type { ProblemDocument, RevocationListClaims } from '@muster/contracts';
import type { Clock, Draws } from '@muster/kernel';
import type { PublicJwk } from '@muster/trust';
import type { DiscoveryState } from '../core/discovery/discovery-state.js';
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
  | { readonly type: 'revocations' }
  /** Of a host: that it holds the key of a certificate of the vendor's. The nonce is fresh, and all that it is told. */
  | { readonly type: 'host-proof'; readonly nonce: string };

export type WireReply =
  /** A body that came with success; nothing in it is believed yet. */
  | { readonly type: 'answer'; readonly body: unknown }
  | { readonly type: 'problem'; readonly problem: Pick<ProblemDocument, 'code' | 'status' | 'detail'>; readonly retryAfterSeconds: number | null }
  /** `certificate`: somebody answered, who does not hold the TLS certificate of that name. */
  | { readonly type: 'unreachable'; readonly detail: string; readonly certificate?: true };

/** Carries one request to one host. It never rejects: a host that cannot be reached is a reply. */
export interface Transport {
  send(host: HostAddress, request: WireRequest): Promise<WireReply>;
  /** Left out by a transport that carries requests about leases alone: then there are no permanent activations and no revocations. */
  exchange?(address: HostAddress, exchange: WireExchange): Promise<WireReply>;
}

/** What a machine remembers of how it found its hosts. */
export interface DiscoveryMemory {
  discovery(): DiscoveryState;
  keepDiscovery(state: DiscoveryState): void;
}

export interface SearchOptions {
  /** The host that the machine keeps to. */
  readonly remembered: HostAddress | null;
  readonly root: PublicJwk;
  readonly revocations: () => Promise<RevocationListClaims | undefined>;
  readonly memory: DiscoveryMemory;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly draws: Draws;
}

/** The search for hosts that goes with one contact. */
export interface HostSearch {
  /** Whether the hosts come in the order in which they are to be asked; else it is drawn. */
  readonly ordered: boolean;
  /** The next ones to ask; none when there are no more. Asked again when those before gave no outcome. */
  next(): Promise<readonly HostAddress[]>;
  /** Why the host is not to be sent anything; undefined when it may be. Asked before its first request. */
  objectionTo(host: HostAddress): Promise<string | undefined>;
  /** The host gave an outcome. */
  served(host: HostAddress): void;
  /** Why there is nobody to ask. */
  nobody(): string;
}

/** Where hosts are found: given by hand, or by whatever a network offers. Asked again at each contact. */
export interface Discovery {
  hosts(): Promise<readonly HostAddress[]>;
  /** For hosts that have an order of their own, or prove themselves first; left out, or undefined, where `hosts` are asked as they are. */
  search?(options: SearchOptions): HostSearch | undefined;
  /** Where a host of that name is connected to; undefined when the system is to look. */
  addressesOf?(hostname: string): readonly string[] | undefined;
}

/** The hosts that somebody named. */
export const givenHosts = (hosts: readonly HostAddress[]): Discovery => ({ hosts: () => Promise.resolve(hosts) });
