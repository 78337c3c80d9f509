import type { Quarantined } from '@muster/client';
import type { DnsDescription, DnsPlan, EndpointScheme } from '@muster/contracts';
import type { ShownProduct } from '../machine/shown-machine.js';
import type { RunningPart } from '../data-dir/run-file.js';

export interface ResolverFacts {
  readonly server: string;
  readonly answers: boolean;
  /** Why not. */
  readonly detail: string;
}

export interface ServiceRecord {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** Lower case, without the final dot; `.` says that there is no service. */
  readonly target: string;
  readonly ttlSeconds: number;
}

/** What stands at a name where clients look. */
export interface NameFacts {
  readonly name: string;
  /** Null for the name of the whole domain. */
  readonly site: string | null;
  readonly outcome: 'found' | 'missing' | 'failed';
  /** What DNS said when it failed. */
  readonly detail: string;
  readonly records: readonly ServiceRecord[];
  /** Scheme by endpoint (`target:port`), of the TXT records beside; null when they could not be read. */
  readonly schemes: ReadonlyMap<string, EndpointScheme> | null;
  /** Said by a server of the zone: a cache counts a TTL down. */
  readonly authoritative: boolean;
}

export interface DomainFacts {
  readonly domain: string;
  /** From the name of the machine: nobody said that clients look there. */
  readonly guessed: boolean;
  readonly negativeTtlSeconds: number | null;
  readonly names: readonly NameFacts[];
}

/** Where a target of SRV records leads. */
export interface TargetFacts {
  readonly target: string;
  readonly outcome: 'addresses' | 'none' | 'failed';
  readonly detail: string;
  /** The name that it is an alias of. */
  readonly alias: string | null;
  readonly addresses: readonly string[];
}

export interface CertificateFacts {
  readonly validFromMs: number;
  readonly validToMs: number;
  /** The names that it is for, as OpenSSL writes them. */
  readonly names: string;
  readonly namesHost: boolean;
  /** Why nobody vouches for it; null when somebody does. */
  readonly untrusted: string | null;
}

/** How somebody answered who was asked to show that he is a host. */
export type ProofFacts =
  | { readonly kind: 'proved'; readonly host: string; readonly offsetMs: number }
  | { readonly kind: 'ended'; readonly host: string; readonly offsetMs: number; readonly detail: string }
  | { readonly kind: 'revoked' | 'rogue' | 'not-active' | 'not-proved' | 'skipped'; readonly detail: string };

export interface HostFacts {
  readonly address: string;
  readonly connection: { readonly outcome: 'answers' | 'unreachable' | 'tls-failed'; readonly detail: string };
  /** Null over plain http, or where there was no TLS session. */
  readonly certificate: CertificateFacts | null;
  readonly proof: ProofFacts;
  readonly readiness: { readonly ready: boolean; readonly remarks: readonly string[]; readonly down: readonly string[] } | null;
}

export interface RegistrarFacts {
  /** Null when it is away. */
  readonly description: DnsDescription | null;
  readonly detail: string;
  /** Null when it was not asked for, or did not come. */
  readonly plan: DnsPlan | null;
}

export interface PartFacts extends Pick<RunningPart, 'name'> {
  /** `running`: a part that answers no question of readiness. */
  readonly state: 'ready' | 'running' | 'not-ready' | 'gone';
  readonly remarks: readonly string[];
  readonly down: readonly string[];
}

/** How far a service was when the ledger had at least `head` events. */
export interface PositionFacts {
  readonly service: string;
  readonly position: number;
  readonly head: number;
}

export interface MachineFacts {
  readonly dir: string;
  /** Null where no machine is kept. */
  readonly products: readonly ShownProduct[] | null;
  /** Hosts that could not prove themselves, and are not asked now. */
  readonly quarantined: readonly Pick<Quarantined, 'host' | 'untilMs' | 'why'>[];
}
