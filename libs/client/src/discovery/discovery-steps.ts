import type { FoundHost } from '../core/discovery/found-host.js';
import type { SrvRecord } from '../core/discovery/srv-order.js';
import type { HostAddress } from '../core/outcome.js';

/** What finding hosts did and saw, one step after the other: for `machine discover`, and for whoever has to know why a host was not asked. */
export type DiscoveryStep =
  | { readonly type: 'domains'; readonly from: 'given' | 'machine'; readonly domains: readonly string[]; readonly site: string | null }
  /** It served last, and is asked without a look at DNS. */
  | { readonly type: 'cached'; readonly host: HostAddress; readonly ageSeconds: number }
  | {
      readonly type: 'asked';
      readonly name: string;
      readonly outcome: 'listed' | 'none' | 'switched-off' | 'failed';
      /** Why it failed. */
      readonly detail: string | null;
      readonly records: readonly SrvRecord[];
    }
  | { readonly type: 'addresses'; readonly target: string; readonly addresses: readonly string[]; readonly detail: string | null }
  | { readonly type: 'left-out'; readonly host: HostAddress; readonly why: string }
  /** No server answered: the hosts that were found last are used. */
  | { readonly type: 'silent'; readonly ageSeconds: number | null; readonly hosts: readonly HostAddress[] }
  | { readonly type: 'order'; readonly hosts: readonly FoundHost[] }
  | { readonly type: 'proved'; readonly host: HostAddress; readonly certified: string; readonly organisation: string }
  | { readonly type: 'not-proved'; readonly host: HostAddress; readonly why: string; readonly quarantinedUntilMs: number | null };

export type Trace = (step: DiscoveryStep) => void;
