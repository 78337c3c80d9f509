import type { HostAddress } from '@muster/client';
import type { CertificateInForce } from '@muster/domain';
import { toNumericDate } from '@muster/kernel';
import { createDevelopmentVendor } from '@muster/trust';
import { createChance } from '../chance/chance.js';
import { makeIdentity } from '../fleet/identity.js';
import { drawOutages } from '../hosts/host-outages.js';
import type { HostRules } from '../hosts/host-rules.js';
import type { Recorded } from '../hosts/simulated-host.js';
import { SimulatedHost } from '../hosts/simulated-host.js';
import { LedgerChecks } from '../invariants/ledger.checks.js';
import type { WatchedSite } from '../invariants/recovery.checks.js';
import type { Span } from '../simulation-time.js';
import { DAY_MS } from '../simulation-time.js';
import { walkSpans } from '../walk-spans.js';

const YEAR_MS = 365 * DAY_MS;

export interface SitesOptions {
  readonly seed: number;
  readonly hosts: number;
  readonly run: Span;
  readonly outages: readonly Span[];
  readonly rules: HostRules;
  /** Sees every event of every host's ledger besides. */
  readonly onRecorded?: (host: HostAddress, recorded: Recorded) => void;
}

/**
 * The development vendor's policies, for longer than the run: what happens at a certificate's end is another matter than the life of a fleet.
 * Its key is thrown away, as nothing is signed with it; the host is named from the seed, so that no run depends on a key.
 */
const certificateOf = async ({ seed, run }: SitesOptions, name: string): Promise<CertificateInForce> => {
  const { certificate } = await createDevelopmentVendor({ nowMs: run.fromMs, draws: createChance(seed, `certificate of ${name}`), overrides: { exp: toNumericDate(run.toMs + YEAR_MS) } });
  const { id } = makeIdentity(seed, name, false);
  return { jws: '', digest: id, claims: { ...certificate.claims, sub: id } };
};

const makeSite = async (options: SitesOptions, name: HostAddress): Promise<WatchedSite> => {
  const { seed, run, outages, rules, onRecorded } = options;
  const host: SimulatedHost = new SimulatedHost({
    name,
    certificate: await certificateOf(options, name),
    rules,
    draws: createChance(seed, `decisions of ${name}`),
    onRecorded: (recorded) => {
      checks.onRecorded(recorded);
      onRecorded?.(name, recorded);
    },
  });
  const checks = new LedgerChecks(host);
  return { host, checks, outages: walkSpans(drawOutages(createChance(seed, `outages of ${name}`), run, outages)) };
};

/** Hosts of one organisation, each with a ledger and a count of its own, under the development vendor's policies. */
export const makeSites = (options: SitesOptions): Promise<readonly WatchedSite[]> =>
  Promise.all(Array.from({ length: options.hosts }, (_, index) => makeSite(options, `host-${index + 1}`)));

/** The intervals, which are the same for all products of the development vendor. */
export const intervalsOf = (sites: readonly WatchedSite[]): { readonly renewAfterSeconds: number; readonly retryAfterSeconds: number } => {
  const [product] = sites[0]?.host.claims.products ?? [];
  if (product === undefined) throw new Error('a simulation needs a host with a product');
  return product;
};
