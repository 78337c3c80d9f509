import { SERVICE_LABEL_DEFAULT, type DnsDescription } from '@muster/contracts';
import { parseServerAddress, type ServerAddress } from '@muster/dns-wire';
import { inParallel } from '../fleet/in-parallel.js';
import type { DomainFacts, TargetFacts } from './facts.js';
import { askDns, tryResolvers } from './gather/ask-dns.js';
import { lookUpDomain } from './gather/look-up-domain.js';
import { lookUpTarget } from './gather/look-up-target.js';
import type { TimeBudget } from './gather/time-budget.js';
import { unlessOutOfTime } from './gather/unless-out-of-time.js';
import { judgeDomain } from './judge/judge-domain.js';
import { judgeResolvers } from './judge/judge-resolvers.js';
import { judgeTargets, type PublishedEndpoint, publishedEndpoints } from './judge/judge-targets.js';
import { allOf, type DoctorReport, type Skipped } from './report.js';
import type { Wishes } from './wishes.js';

/** Each name is two questions; at two seconds each, and several at once, so many end within the time. */
const DOMAINS_MAX = 16;
const SITES_MAX = 50;
const TARGETS_MAX = 100;
const CONCURRENCY = 4;

export interface ExaminedDns extends DoctorReport {
  readonly published: readonly (PublishedEndpoint & Pick<TargetFacts, 'addresses'>)[];
}

const tooMany = (subject: string, all: number, max: number): readonly Skipped[] => (all <= max ? [] : [{ area: 'dns', subject, reason: `only the first ${max} of ${all} are looked at` }]);

interface Asked {
  readonly wishes: Wishes;
  /** What the registrar is configured for, where it could be asked. */
  readonly description: DnsDescription | null;
  readonly budget: TimeBudget;
}

/** Those that were named with --domain, else those that this machine and the registrar know. */
const domainsOf = ({ wishes, description }: Asked): readonly { readonly domain: string; readonly sites: readonly string[]; readonly guessed: boolean }[] => {
  const { domains, chosen, guessed, sites } = wishes;
  const configured = description?.domains ?? [];
  const own = guessed && configured.length > 0 ? [] : domains; // a guess is of no use where somebody knows
  const names = chosen ? domains : [...new Set([...own, ...configured.map(({ domain }) => domain)])];
  return names.map((domain) => ({ domain, guessed: guessed && configured.length === 0, sites: [...new Set([...sites, ...(configured.find((each) => each.domain === domain)?.sites ?? [])])] }));
};

const examineDomains = async (asked: Asked, servers: readonly ServerAddress[]): Promise<ExaminedDns> => {
  const ask = askDns(servers, asked.budget);
  const domains = domainsOf(asked);
  const label = asked.wishes.label ?? asked.description?.label ?? SERVICE_LABEL_DEFAULT;
  const skipped: Skipped[] = [...tooMany('domains', domains.length, DOMAINS_MAX), ...domains.flatMap(({ domain, sites }) => tooMany(`sites of ${domain}`, sites.length, SITES_MAX))];
  if (domains.length === 0) skipped.push({ area: 'dns', subject: 'domains', reason: 'no domain is known here: name one with --domain' });
  const looked: DomainFacts[] = [];
  for (const { domain, sites, guessed } of domains.slice(0, DOMAINS_MAX)) {
    await unlessOutOfTime({ area: 'dns', subject: domain }, { skipped, work: async () => void looked.push(await lookUpDomain({ domain, guessed, label, sites: sites.slice(0, SITES_MAX) }, ask)) });
  }
  const published = publishedEndpoints(looked);
  const names = [...new Set(published.map(({ target }) => target))];
  skipped.push(...tooMany('targets', names.length, TARGETS_MAX));
  const targets = new Map<string, TargetFacts>();
  const run = (target: string): Promise<void> => unlessOutOfTime({ area: 'dns', subject: target }, { skipped, work: async () => void targets.set(target, await lookUpTarget(target, ask)) });
  await inParallel(names.slice(0, TARGETS_MAX), { concurrency: CONCURRENCY, run });
  const found = names.flatMap((name) => targets.get(name) ?? []);
  return {
    ...allOf([...looked.map(judgeDomain), judgeTargets(found, { published, allowHttp: asked.wishes.allowHttp })]),
    skipped,
    published: published.flatMap((each) => {
      const { addresses } = targets.get(each.target) ?? { addresses: [] };
      return addresses.length === 0 ? [] : [{ ...each, addresses }];
    }),
  };
};

/** Looks for hosts in DNS as clients do, and says what is wrong with what they find. */
export const examineDns = async (asked: Asked): Promise<ExaminedDns> => {
  const { wishes, budget } = asked;
  const skipped: Skipped[] = [];
  const nothing: ExaminedDns = { findings: [], checks: [], skipped, published: [] };
  const tried = await unlessOutOfTime({ area: 'dns', subject: 'DNS servers' }, { skipped, work: () => tryResolvers(wishes.servers, { name: '.', budget }) });
  if (tried === undefined) return nothing;
  const judgement = judgeResolvers(tried);
  const answering = tried.flatMap(({ answers, server }) => (answers ? [parseServerAddress(server)] : []));
  if (answering.length === 0) return { ...nothing, ...judgement, skipped: [{ area: 'dns', subject: 'domains', reason: 'no DNS server answers' }] };
  const examined = await examineDomains(asked, answering);
  return { ...examined, ...allOf([judgement, examined]) };
};
