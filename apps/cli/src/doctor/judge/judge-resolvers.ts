import type { ResolverFacts } from '../facts.js';
import { finding, type Judgement } from '../report.js';

/** Whether this machine can ask DNS at all. */
export const judgeResolvers = (resolvers: readonly ResolverFacts[]): Judgement => {
  const silent = resolvers.filter(({ answers }) => !answers);
  const checks = resolvers.map(({ server, answers, detail }) => ({ area: 'dns' as const, subject: `DNS server ${server}`, detail: answers ? 'answers' : detail }));
  if (resolvers.length > silent.length) return { checks, findings: silent.map(({ server, detail }) => finding('dns-resolver-silent', { subject: server, detail: `It gives no answer: ${detail}.` })) };
  const detail = resolvers.length === 0 ? 'No DNS server is known here.' : `None answers: ${silent.map((each) => `${each.server} (${each.detail})`).join(', ')}.`;
  return { checks, findings: [finding('dns-no-resolver', { subject: 'DNS', detail })] };
};
