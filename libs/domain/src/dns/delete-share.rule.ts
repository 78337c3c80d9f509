import { siteServiceNameOf } from '@muster/contracts';
import type { PlannedWrite, WantedDomain } from './dns.plan.js';
import type { DnsDomainPolicy } from './dns.policy.js';
import type { PlainRecord } from './dns.records.js';
import type { DnsState } from './dns.state.js';
import { listedIn, servesDomain } from './listing.rule.js';

/** So few records may go at once whatever share of all they are. */
const SHARE_COUNTS_ABOVE = 2;

const isSrv = ({ data }: PlainRecord): boolean => data.type === 'SRV';

/** The names at which a write leaves no SRV record of its endpoint. */
const cleared = ({ add, remove }: PlannedWrite): readonly string[] => {
  const kept = new Set(add.filter(isSrv).map(({ name }) => name));
  return [...new Set(remove.filter(isSrv).map(({ name }) => name))].filter((name) => !kept.has(name));
};

interface ShareContext {
  readonly state: DnsState;
  readonly wanted: WantedDomain;
  readonly policy: DnsDomainPolicy;
  /** Our live SRV records of the domain. */
  readonly live: number;
  readonly deleteShareMax: number;
}

/** Whether the ledger says why the endpoint goes from that name; if not, somebody changed the configuration. */
const isOrdered = ({ endpoint: id, action }: PlannedWrite, name: string, { state, wanted, policy }: ShareContext): boolean => {
  const endpoint = state.endpoints.get(id);
  if (!wanted.serving || action === 'scavenge' || endpoint === undefined) return true;
  if (endpoint.standing.status === 'withdrawn' || !servesDomain(endpoint, policy.domain)) return true;
  // Whoever covered a site makes way for the site's own.
  const site = policy.sites.find((known) => siteServiceNameOf(policy.label, known.name, policy.domain) === name)?.name;
  const owned = site !== undefined && listedIn(state, policy).some((listing) => listing.endpoint.facts.sites.includes(site));
  return owned && !endpoint.facts.sites.includes(site);
};

/** Holds the writes back that would take more than may go without a recorded fact that orders it. */
export const holdBack = (writes: readonly PlannedWrite[], context: ShareContext): { readonly writes: readonly PlannedWrite[]; readonly refused: string | null } => {
  const { live, deleteShareMax, wanted } = context;
  const unordered = writes.map((write) => cleared(write).filter((name) => !isOrdered(write, name, context)).length);
  const count = unordered.reduce((sum, each) => sum + each, 0);
  if (live <= SHARE_COUNTS_ABOVE || count <= live * deleteShareMax) return { writes, refused: null };
  const refused = `${count} of our ${live} SRV records in ${wanted.domain} would go, and nothing in the ledger orders it: more than the share of ${deleteShareMax} that may.`;
  return { writes: writes.map((write, index) => ({ ...write, held: (unordered[index] ?? 0) > 0 })), refused };
};
