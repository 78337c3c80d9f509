import type { Clock, Draws } from '@muster/kernel';
import type { FirmwareEvidence, HardwareEvidence, HostCertificateClaims, LeaseClaims, PermanentLeaseClaims } from '@muster/contracts';
import type { PublicJwk } from '@muster/trust';
import type { HostAddress } from '../core/outcome.js';
import type { ProductStatus } from '../core/permanent/product-status.js';
import type { InstalledKey } from '../core/permanent/permanent-state.js';
import type { WarningThresholds } from '../core/policy.js';
import type { PermanentContact } from '../permanent/permanent-contact.js';
import type { InstallationRequest, KeyInstallation, LeaseHandedOver } from '../permanent/permanent-part.js';
import type { VolumeContact } from './contact.js';
import type { Discovery, Transport } from './ports.js';

export interface MachineOptions {
  /** Where the machine's key and leases are kept; only its owner may read there. */
  readonly dir: string;
  readonly product: string;
  /** The vendor's root key, pinned in the product: whatever does not chain to it is not believed. */
  readonly root: PublicJwk;
  readonly hosts?: readonly HostAddress[] | Discovery;
  /** The vendor's authority, an https address, or what tells it when it is needed: asked once, and only where a multiple activation key is installed. */
  readonly authority?: HostAddress | (() => HostAddress | undefined);
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
  /** What the machine is made of, for a permanent lease; read from the system when not given. */
  readonly hardware?: () => HardwareEvidence;
  readonly thresholds?: WarningThresholds;
  readonly transport?: Transport;
  readonly clock?: Clock;
  readonly draws?: Draws;
}

/** One attempt, by whichever method; `outcome.reply.type` says what came of it. */
export type Contact = VolumeContact | PermanentContact;

export type Verification =
  | { readonly verified: true; readonly permanent: false; readonly claims: LeaseClaims; readonly certificate: HostCertificateClaims }
  | { readonly verified: true; readonly permanent: true; readonly claims: PermanentLeaseClaims }
  /** `no-lease`, `expired`, `hardware-changed`, or why the token is not believed. */
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
  /** Asks now, whatever the schedule says: a host for a lease, or the authority for a permanent one, by the method that the installed key says. */
  activate(): Promise<Contact>;
  /** Renews the lease now; without one that can be renewed it asks for a new one. A permanent lease is confirmed again, which uses nothing. */
  renew(): Promise<Contact>;
  /** Gives the lease back; the machine then asks for none until `activate`. Undefined when it holds none. */
  release(): Promise<VolumeContact | undefined>;
  /** Without asking any host. */
  status(): Promise<ProductStatus>;
  /** Whether the lease is good now, offline. */
  verify(): Promise<Verification>;
  /**
   * Installs a key, and with it the method: a setup key means volume, a multiple activation key a permanent lease, which the next contact asks for.
   * A lease that runs counts until then.
   */
  installKey(key: string): Promise<KeyInstallation>;
  /** Removes the key: by volume again. The permanent lease is laid aside, and is in use again when its key is installed again. */
  removeKey(): Promise<InstalledKey | null>;
  /** What somebody else takes to the authority; the same again until it is answered. */
  installationRequest(): Promise<InstallationRequest>;
  /** Leaves that request with a host, for whoever takes it to the authority; later contacts fetch the answer there. */
  leaveRequest(): Promise<PermanentContact>;
  /** Takes a permanent lease that somebody else obtained. */
  confirm(lease: string): Promise<LeaseHandedOver>;
  /** Does what is due; undefined when nothing is. */
  tick(): Promise<Contact | undefined>;
  /** Does what is due, when it is due, until the signal. */
  run(options: RunOptions): Promise<void>;
}
