import type { HostState } from './host.fold.js';

/** Whether the ledger ever held a certificate for production: a development certificate that came later does not make it a playground. */
export const wasEverProduction = (host: HostState): boolean =>
  host.status !== 'not-activated' && [...host.certificates.values()].some(({ claims }) => claims.environment === 'production');
