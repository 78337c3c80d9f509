import { DAY_SECONDS, HOUR_SECONDS } from '@muster/kernel';
import { counted, durationWords } from '../../terminal/words.js';
import type { DomainFacts, NameFacts } from '../facts.js';
import { allOf, finding, type Finding, type Judgement } from '../report.js';

/** A shorter one makes every look-up a question to the zone's server; after a longer one a change takes more than a day to be seen. */
export const TTL_SECONDS_MIN = 30;
export const TTL_SECONDS_MAX = DAY_SECONDS;

/** A first host that stays unseen for longer is taken for a fault. */
export const NEGATIVE_TTL_SECONDS_MAX = HOUR_SECONDS;

/** BIND refuses the 101st record of a name (`max-records-per-type`). */
export const RECORDS_WARN = 80;
export const RECORDS_LIMIT = 100;

const OFF = '.';

const missing = ({ name, site }: NameFacts, { domain, guessed }: DomainFacts): Finding => {
  const subject = name;
  if (site !== null) return finding('dns-site-missing', { subject, detail: `There is no SRV record for the site ${site} of ${domain}.` });
  const detail = `There is no SRV record for ${domain}: no client finds a host there.`;
  return finding('dns-service-missing', { subject, detail, ...(guessed ? { severity: 'info' as const } : {}) });
};

const ttlFindings = ({ name, records, authoritative }: NameFacts): readonly Finding[] => {
  const [first] = records;
  if (first === undefined) return [];
  const { ttlSeconds } = first;
  if (ttlSeconds > TTL_SECONDS_MAX) return [finding('dns-ttl', { subject: name, detail: `The TTL is ${durationWords(ttlSeconds)}: a change takes so long to be seen.` })];
  return authoritative && ttlSeconds < TTL_SECONDS_MIN ? [finding('dns-ttl', { subject: name, detail: `The TTL is ${durationWords(ttlSeconds)}: hardly anything is remembered.` })] : [];
};

const countFindings = ({ name, records }: NameFacts): readonly Finding[] => {
  if (records.length < RECORDS_WARN) return [];
  const severity = records.length >= RECORDS_LIMIT ? 'error' : 'warning';
  return [finding('dns-many-records', { subject: name, detail: `${records.length} SRV records stand there.`, severity })];
};

const schemeFindings = ({ name, records, schemes }: NameFacts): readonly Finding[] =>
  records.flatMap(({ target, port }) => {
    const endpoint = `${target}:${port}`;
    return schemes === null || target === OFF || schemes.has(endpoint) ? [] : [finding('dns-scheme-missing', { subject: name, detail: `Nothing says how ${endpoint} is spoken to.` })];
  });

const judgeName = (facts: NameFacts, of: DomainFacts): Judgement => {
  const { name, outcome, detail, records } = facts;
  const check = (said: string): Judgement['checks'] => [{ area: 'dns', subject: name, detail: said }];
  if (outcome === 'failed') return { findings: [finding('dns-lookup-failed', { subject: name, detail: `DNS does not say: ${detail}.` })], checks: check('not known') };
  if (outcome === 'missing') return { findings: [missing(facts, of)], checks: check('no SRV record') };
  const off = records.some(({ target }) => target === OFF) ? [finding('dns-service-off', { subject: name, detail: 'The target is a single dot.' })] : [];
  const unread = facts.schemes === null ? [finding('dns-lookup-failed', { subject: name, detail: `DNS does not say which TXT records stand there: ${detail}.` })] : [];
  return {
    findings: [...off, ...unread, ...schemeFindings(facts), ...ttlFindings(facts), ...countFindings(facts)],
    checks: check(`${counted(records.length, 'SRV record')}, TTL ${records[0]?.ttlSeconds ?? 0} s`),
  };
};

const judgeNegativeTtl = ({ domain, negativeTtlSeconds: seconds }: DomainFacts): Judgement => {
  if (seconds === null) return { findings: [], checks: [] };
  const severity = seconds > NEGATIVE_TTL_SECONDS_MAX ? 'warning' : 'info';
  const detail = `That a name has no record may be remembered for ${durationWords(seconds)}.`;
  return { findings: [finding('dns-negative-ttl', { subject: domain, detail, severity })], checks: [{ area: 'dns', subject: `${domain}, negative TTL`, detail: `${seconds} s` }] };
};

/** What clients of a domain and its sites find. */
export const judgeDomain = (facts: DomainFacts): Judgement => allOf([...facts.names.map((name) => judgeName(name, facts)), judgeNegativeTtl(facts)]);
