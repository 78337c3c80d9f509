import { exitCodes } from '../../failure/exit-codes.js';
import { aConflict, aDescription, aDomain, anEndpoint, anotherEndpoint, OWNER } from '../dns-answers.fixture.js';
import { type AnsweringHost, answeringHost, keepingTerminal } from '../dns-host.fixture.js';
import { setDomains, setPriority, setWeight } from './prefer.js';
import { publishEndpoint, withdrawEndpoint } from './publish.js';
import { takeOver } from './take-over.js';

const hosts: AnsweringHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

const hosting = async (answers: Readonly<Record<string, object>>): Promise<AnsweringHost> => {
  const host = await answeringHost(answers);
  hosts.push(host);
  return host;
};

const endpoint = 'a.corp.example:443';
const recorded = { recorded: true, position: 10, endpoint };
const known = { recorded: false, position: 10, endpoint };

describe('an order about an endpoint', () => {
  it.each([
    ['publish', publishEndpoint, 'POST /v1/dns/publications', /is listed again\. DNS follows/],
    ['withdraw', withdrawEndpoint, 'POST /v1/dns/withdrawals', /is withdrawn until `muster dns publish`/],
  ])('%s is recorded, once', async (_name, command, route, words) => {
    const { access, asked } = await hosting({ [route]: recorded });
    const { terminal, data } = keepingTerminal();
    expect(await command({ ...access, endpoint }, terminal)).toBe(exitCodes.ok);
    expect(data[0]).toMatch(words);
    await command(access, keepingTerminal().terminal);
    expect(asked.map(({ body }) => body)).toEqual([{ endpoint }, {}]);
    const again = keepingTerminal();
    await command({ ...(await hosting({ [route]: known })).access }, again.terminal);
    expect(again.data[0]).toMatch(/already|Nothing to take back/);
  });

  it('as a dry run says what it would come to, and is not sent', async () => {
    const { access, asked } = await hosting({ 'GET /v1/dns': aDescription() });
    const { terminal, data } = keepingTerminal();
    await withdrawEndpoint({ ...access, dryRun: true }, terminal);
    await publishEndpoint({ ...access, dryRun: true }, terminal);
    expect(data).toEqual([`Would withdraw ${endpoint}, which stands at _muster._tcp.corp.example.`, `Nothing to take back: ${endpoint} was not withdrawn by an administrator (it is heard).`]);
    expect(asked.every(({ method }) => method === 'GET')).toBe(true);
  });

  it.each([
    ['no endpoint at all', [], undefined, { reason: 'notFound' }],
    ['an endpoint that is none of ours', [anEndpoint()], 'x.corp.example:1', { reason: 'notFound', message: 'x.corp.example:1 was never announced.' }],
    ['several endpoints, and none is named', [anEndpoint(), anotherEndpoint()], undefined, { reason: 'conflict' }],
  ])('as a dry run of %s fails as the order would', async (_what, endpoints, named, failure) => {
    const { access } = await hosting({ 'GET /v1/dns': aDescription({ endpoints }) });
    await expect(withdrawEndpoint({ ...access, dryRun: true, ...(named === undefined ? {} : { endpoint: named }) }, keepingTerminal().terminal)).rejects.toMatchObject(failure);
  });
});

describe('how a host is listed', () => {
  it.each([
    ['set-priority', setPriority(5), {}, { priority: 5 }],
    ['set-priority 0, which is no missing value', setPriority(0), {}, { priority: 0 }],
    ['set-weight', setWeight(20), { endpoint }, { endpoint, weight: 20 }],
    ['set-weight --as-announced', setWeight(undefined), { asAnnounced: true }, { weight: null }],
    ['set-domains', setDomains(['corp.example', 'lab.example']), {}, { domains: ['corp.example', 'lab.example'] }],
    ['set-domains --as-announced', setDomains([]), { asAnnounced: true }, { domains: null }],
  ])('%s', async (_name, command, options, body) => {
    const { access, asked } = await hosting({ 'PUT /v1/dns/preferences': recorded });
    expect(await command({ ...access, ...options }, keepingTerminal().terminal)).toBe(exitCodes.ok);
    expect(asked).toMatchObject([{ method: 'PUT', body }]);
    expect(asked[0]?.body).toEqual(body);
  });

  it('is a value or as announced: not both, and not neither', async () => {
    const { terminal } = keepingTerminal();
    await expect(setPriority(undefined)({}, terminal)).rejects.toMatchObject({ reason: 'usage' });
    await expect(setDomains([])({}, terminal)).rejects.toMatchObject({ reason: 'usage' });
    await expect(setWeight(1)({ asAnnounced: true }, terminal)).rejects.toMatchObject({ reason: 'usage' });
  });

  it('as a dry run shows what is in effect', async () => {
    const { access, asked } = await hosting({ 'GET /v1/dns': aDescription({ domains: [aDomain(), aDomain({ domain: 'lab.example' })] }) });
    const { terminal, data } = keepingTerminal();
    await setWeight(20)({ ...access, dryRun: true }, terminal);
    await setDomains(['lab.example'])({ ...access, dryRun: true }, terminal);
    expect(data).toEqual([`Would set the weight of ${endpoint}: 20 (in effect now: 10).`, `Would set the domains of ${endpoint}: lab.example (in effect now: all that are configured).`]);
    await expect(setDomains(['misspelt.example'])({ ...access, dryRun: true }, terminal)).rejects.toMatchObject({ reason: 'notFound', message: 'The registrar is not configured for misspelt.example.' });
    expect(asked.every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('muster dns take-over', () => {
  it('asks for a second word before it asks anybody', async () => {
    const { access, asked } = await hosting({});
    await expect(takeOver({ ...access, domain: 'corp.example' }, keepingTerminal().terminal)).rejects.toMatchObject({ reason: 'usage', remedy: expect.stringContaining('--confirm') as string });
    expect(asked).toEqual([]);
  });

  it('as a dry run shows whose records would go', async () => {
    const { access, asked } = await hosting({ 'GET /v1/dns': aDescription({ domains: [aDomain({ conflicts: [{ ...aConflict, found: `${aConflict.found}\nand a text` }] })] }) });
    const { terminal, data } = keepingTerminal();
    expect(await takeOver({ ...access, domain: 'corp.example', dryRun: true, confirm: true }, terminal)).toBe(exitCodes.ok);
    expect(data).toEqual([`Would replace, over ${endpoint}, what deployment ${OWNER} left:\n    0 10 443 a.corp.example.\n    and a text`]);
    await expect(takeOver({ ...access, domain: 'lab.example', dryRun: true }, terminal)).rejects.toMatchObject({ reason: 'conflict' });
    expect(asked.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('is an order', async () => {
    const { access, asked } = await hosting({ 'POST /v1/dns/take-overs': { ...recorded, domain: 'corp.example', owner: OWNER } });
    const { terminal, data } = keepingTerminal({ json: true });
    await takeOver({ ...access, domain: 'corp.example', endpoint, confirm: true }, terminal);
    expect(asked).toMatchObject([{ body: { domain: 'corp.example', endpoint } }]);
    expect(JSON.parse(data[0] ?? '')).toMatchObject({ recorded: true, owner: OWNER });
  });
});
