import type { EndpointScheme } from '@muster/contracts';
import type { DomainFacts, TargetFacts } from '../facts.js';
import { allOf, finding, type Finding, type Judgement } from '../report.js';

/** An endpoint that DNS names, once, however many names lead to it. */
export interface PublishedEndpoint {
  readonly target: string;
  readonly port: number;
  readonly scheme: EndpointScheme;
}

/** In the order of their first mention. Clients take https for what nothing is said of. */
export const publishedEndpoints = (domains: readonly DomainFacts[]): readonly PublishedEndpoint[] => {
  const found = new Map<string, PublishedEndpoint>();
  for (const { records, schemes } of domains.flatMap(({ names }) => names)) {
    for (const { target, port } of records) {
      const scheme = schemes?.get(`${target}:${port}`) ?? 'https';
      if (target !== '.') found.set(`${scheme}://${target}:${port}`, { target, port, scheme });
    }
  }
  return [...found.values()];
};

const isLoopback = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address);

interface Published {
  readonly published: readonly PublishedEndpoint[];
  /** Whether this machine was told to take http from DNS. */
  readonly allowHttp: boolean;
}

const httpFindings = ({ target, addresses }: TargetFacts, { published, allowHttp }: Published): readonly Finding[] => {
  const outside = addresses.filter((address) => !isLoopback(address));
  if (outside.length === 0) return [];
  const detail = `Its scheme is http, and its address ${outside.join(', ')}.`;
  return published.flatMap((each) =>
    each.target === target && each.scheme === 'http' ? [finding('dns-http-off-loopback', { subject: `${target}:${each.port}`, detail, severity: allowHttp ? 'warning' : 'error' })] : [],
  );
};

const judgeTarget = (facts: TargetFacts, published: Published): Judgement => {
  const { target: subject, outcome, alias, addresses, detail } = facts;
  const findings = [
    ...(alias === null ? [] : [finding('dns-target-alias', { subject, detail: `It is an alias of ${alias}.` })]),
    ...(outcome === 'none' ? [finding('dns-target-without-address', { subject, detail: 'It has neither an A nor an AAAA record.' })] : []),
    ...(outcome === 'failed' ? [finding('dns-lookup-failed', { subject, detail: `DNS does not say its address: ${detail}.` })] : []),
    ...httpFindings(facts, published),
  ];
  return { findings, checks: [{ area: 'dns', subject, detail: addresses.length === 0 ? 'no address' : addresses.join(', ') }] };
};

/** Whether what SRV records lead to can be reached by anybody. */
export const judgeTargets = (targets: readonly TargetFacts[], published: Published): Judgement => allOf(targets.map((target) => judgeTarget(target, published)));
