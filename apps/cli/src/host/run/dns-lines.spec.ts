import { aDomain, anEndpoint, anotherEndpoint } from '../../dns/dns-answers.fixture.js';
import { answeringHost } from '../../dns/dns-host.fixture.js';
import { askDnsLines, dnsLines } from './dns-lines.js';

const lines = (overrides: Partial<Parameters<typeof dnsLines>[0]>): readonly string[] => dnsLines({ domains: [aDomain()], endpoints: [anEndpoint(), anotherEndpoint()], serving: true, ...overrides });

describe('what a host says of DNS when it is up', () => {
  it('is what clients find', () => expect(lines({})).toEqual(['clients that are told corp.example find a.corp.example:443']));

  it('is short, however many there are', () => {
    const endpoints = Array.from({ length: 5 }, (_, index) => anEndpoint({ endpoint: `h${index}.corp.example:443` }));
    expect(lines({ endpoints })[0]).toMatch(/find h0\.corp\.example:443, h1\.corp\.example:443, h2\.corp\.example:443, 2 others$/);
  });

  it.each([
    ['nothing stands there yet', { endpoints: [anotherEndpoint()] }, /nothing stands in corp\.example yet/],
    ['the host is not activated', { endpoints: [anotherEndpoint()], serving: false }, /before the host is activated/],
    ['there is no dynamic DNS', { endpoints: [], domains: [aDomain({ servers: [] })] }, /`muster dns records`/],
  ])('says so when %s', (_what, overrides, line) => expect(lines(overrides)).toEqual([expect.stringMatching(line)]));

  it('is nothing where no domain is configured, and where the registrar does not answer', async () => {
    expect(lines({ domains: [] })).toEqual([]);
    const host = await answeringHost({ 'GET /v1/dns': { type: 'about:blank', title: 'Away', status: 503, detail: 'The registrar is away.', code: 'unavailable' } });
    try {
      expect(await askDnsLines({ url: host.access.host, token: host.access.token })).toEqual([]);
    } finally {
      await host.close();
    }
  });
});
