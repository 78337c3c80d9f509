import type { VendorCatalogue } from '@muster/contracts';
import { DAY_SECONDS, HOUR_SECONDS } from '@muster/kernel';

/** What the vendor of this story sells, with thresholds that few machines meet. */
export const WORKSTATION = 'acme.workstation';
export const SERVER = 'acme.server';
export const UPGRADE = 'acme.upgrade';
export const KIOSK = 'acme.kiosk';

export const POOL = 'acme';
/** Counts only machines that enrolled. */
export const KIOSKS = 'acme.kiosks';

export const THRESHOLDS = { [WORKSTATION]: 3, [SERVER]: 2, [UPGRADE]: 1, [KIOSK]: 2 } as const;

export const MARKER = 'ACME PRO';
export const REMEDY = 'Install the full edition, or ask the maker of the machine for its licence.';

const terms = { leaseSeconds: 180 * DAY_SECONDS, renewAfterSeconds: 7 * DAY_SECONDS, retryAfterSeconds: 2 * HOUR_SECONDS };

/** As the file that the vendor keeps under version control. Of a development vendor: only there may the story move a host's clock. */
export const catalogue: VendorCatalogue = {
  vendor: 'acme',
  environment: 'development',
  groups: [
    { name: 'workstations', rank: 1 },
    { name: 'servers', rank: 2 },
  ],
  pools: [
    { name: POOL, countWindowSeconds: 30 * DAY_SECONDS, countVirtualMachines: false },
    { name: KIOSKS, countWindowSeconds: 30 * DAY_SECONDS, countVirtualMachines: false, countOnlyEnrolled: true },
  ],
  products: [
    { name: WORKSTATION, group: 'workstations', pool: POOL, threshold: THRESHOLDS[WORKSTATION], ...terms },
    { name: SERVER, group: 'servers', pool: POOL, threshold: THRESHOLDS[SERVER], ...terms },
    { name: UPGRADE, group: 'workstations', pool: POOL, threshold: THRESHOLDS[UPGRADE], qualification: { table: 'SLIC', marker: MARKER, unreadable: 'refuse', remedy: REMEDY }, ...terms },
    { name: KIOSK, group: 'workstations', pool: KIOSKS, threshold: THRESHOLDS[KIOSK], ...terms },
  ],
  renewalGraceSeconds: 30 * DAY_SECONDS,
  certificateDays: 365,
};
