import type { DomainEvent, EventOf, VendorCatalogue } from '@muster/contracts';
import { DAY_SECONDS } from '@muster/kernel';
import type { AuthorityState } from './authority.fold.js';
import { applyToAuthority, initialAuthority } from './authority.fold.js';

export const NOW_MS = Date.UTC(2026, 2, 1, 9, 30, 12, 250);

/** Names something by one letter: 32 bytes of base64url. */
export const id = (letter: string): string => letter.repeat(42) + 'A';

const intervals = { leaseSeconds: 180 * DAY_SECONDS, renewAfterSeconds: 7 * DAY_SECONDS, retryAfterSeconds: 7200 };

export const catalogue: VendorCatalogue = {
  vendor: 'acme',
  environment: 'production',
  groups: [
    { name: 'workstations', rank: 1 },
    { name: 'servers', rank: 2 },
  ],
  pools: [{ name: 'acme', countWindowSeconds: 30 * DAY_SECONDS, countVirtualMachines: false }],
  products: [
    { name: 'acme.workstation', group: 'workstations', pool: 'acme', threshold: 25, ...intervals },
    { name: 'acme.upgrade', group: 'workstations', pool: 'acme', threshold: 25, ...intervals, qualification: { table: 'SLIC', marker: 'ACME', unreadable: 'refuse', remedy: 'Buy the full licence.' } },
    { name: 'acme.server', group: 'servers', pool: 'acme', threshold: 5, ...intervals },
  ],
  renewalGraceSeconds: 0,
  certificateDays: 365,
};

export const adopted: EventOf<'CatalogueAdopted'> = { type: 'CatalogueAdopted', data: { digest: id('c'), catalogue } };

export const hostKeyIssued: EventOf<'HostKeyIssued'> = {
  type: 'HostKeyIssued',
  data: { keyId: id('k'), keyEnding: 'ABCDE', organisation: 'example', coversGroup: 'servers', hostsMax: 6, activationsPerHostMax: 10 },
};

export const makIssued = (allowance: number, group = 'workstations'): EventOf<'MultipleActivationKeyIssued'> => ({
  type: 'MultipleActivationKeyIssued',
  data: { keyId: id('m'), keyEnding: 'VWXYZ', organisation: 'example', group, allowance },
});

export const given = (...events: readonly DomainEvent[]): AuthorityState =>
  events.reduce((state, event) => applyToAuthority(state, { event, recordedAtMs: NOW_MS }), initialAuthority());
