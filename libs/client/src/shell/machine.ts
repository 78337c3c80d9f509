import type { Clock, Draws } from '@muster/kernel';
import type { FirmwareEvidence, HostCertificateClaims, LeaseClaims } from '@muster/contracts';
import type { PublicJwk } from '@muster/trust';
import type { HostAddress } from '../core/outcome.js';
import type { WarningThresholds } from '../core/policy.js';
import type { MachineStatus } from '../core/status.js';
import type { Contact } from './contact.js';
import type { Discovery, Transport } from './ports.js';

export interface MachineOptions {
  /** Where the machine's key and leases are kept; only its owner may read there. */
  readonly dir: string;
  readonly product: string;
  /** The vendor's root key, pinned in the product: whatever does not chain to it is not believed. */
  readonly root: PublicJwk;
  readonly hosts?: readonly HostAddress[] | Discovery;
  /** Shown to the host's operator; the system's when not given. */
  readonly hostname?: string;
  readonly virtual?: boolean;
  /**
   * What shows that the machine qualifies for an upgrade: `readFirmwareEvidence`, or what the product's installer knows. Asked at each activation,
   * and told to the host; left out, nothing is looked at.
   */
  readonly evidence?: () => FirmwareEvidence | undefined;
  /** A token of the organisation, by which the machine enrols where only enrolled machines count. It is proved to be held, and never sent. */
  readonly enrolment?: string;
  readonly thresholds?: WarningThresholds;
  readonly transport?: Transport;
  readonly clock?: Clock;
  readonly draws?: Draws;
}

export type Verification =
  | { readonly verified: true; readonly claims: LeaseClaims; readonly certificate: HostCertificateClaims }
  /** `no-lease`, `expired`, or why the token is not believed. */
  | { readonly verified: false; readonly reason: string; readonly detail: string };

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onContact?: (contact: Contact) => void;
  /** An attempt that could not be made at all, such as for a full disk; the next one is in a minute. */
  readonly onError?: (error: unknown) => void;
}

/** One product on one machine. All times that it goes by are the clock's, and never earlier than one that it has seen. */
export interface Machine {
  /** Thumbprint of the machine's key. */
  readonly id: string;
  /** Asks for a lease now, whatever the schedule says. */
  activate(): Promise<Contact>;
  /** Renews the lease now; without one that can be renewed it asks for a new one. */
  renew(): Promise<Contact>;
  /** Gives the lease back; the machine then asks for none until `activate`. Undefined when it holds none. */
  release(): Promise<Contact | undefined>;
  /** Without asking any host. */
  status(): Promise<MachineStatus>;
  /** Whether the lease is good now, offline. */
  verify(): Promise<Verification>;
  /** Does what is due; undefined when nothing is. */
  tick(): Promise<Contact | undefined>;
  /** Does what is due, when it is due, until the signal. */
  run(options: RunOptions): Promise<void>;
}
