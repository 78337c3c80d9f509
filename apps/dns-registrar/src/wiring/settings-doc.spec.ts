import { readFileSync } from 'node:fs';
import { dnsRegistrarConfig } from '../dns-registrar.config.js';
import { dnsFileSchema, siteFaults } from './domain-settings.js';

const guide = readFileSync(new URL('../../../../docs/operating/dns.md', import.meta.url), 'utf8');

describe('the guide to DNS', () => {
  it('shows a settings file that is one', () => {
    const [, shown = ''] = /```json\n(.*?)```/s.exec(guide) ?? [];
    const { domains } = dnsFileSchema.parse(JSON.parse(shown));
    expect(domains.flatMap(({ sites = [] }) => siteFaults(sites))).toEqual([]);
  });

  it('names every setting that is about DNS', () => {
    const variables = Object.values(dnsRegistrarConfig).flatMap(({ variable }) => (variable.startsWith('MUSTER_DNS_') ? [variable] : []));
    expect(variables.length).toBeGreaterThan(10);
    expect(variables.filter((variable) => !guide.includes(`\`${variable}\``))).toEqual([]);
  });
});
