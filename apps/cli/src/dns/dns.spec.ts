import { exitCodes } from '../failure/exit-codes.js';
import { aConflict, aDescription, aDomain, aFailingDomain, aFailure, anApplied, anEndpoint, anOrphan, anUpdate, aPlan, aPlanned, aScavenge, done, foreign, missing } from './dns-answers.fixture.js';
import { type AnsweringHost, answeringHost, keepingTerminal } from './dns-host.fixture.js';
import { applyDns } from './plan/apply-dns.js';
import { checkDns } from './plan/check-dns.js';
import { planDns } from './plan/plan-dns.js';
import { listRecords } from './records/list-records.js';
import { RECORDS } from './records/records.fixture.js';
import { scavenge } from './scavenge/scavenge.js';
import { showDnsStatus } from './status/show-dns-status.js';

const hosts: AnsweringHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

const hosting = async (answers: Readonly<Record<string, object>>): Promise<AnsweringHost> => {
  const host = await answeringHost(answers);
  hosts.push(host);
  return host;
};

describe('muster dns plan', () => {
  const planned = async (plan: object, { json = false } = {}) => {
    const { access } = await hosting({ 'GET /v1/dns/plan': plan });
    const { terminal, data } = keepingTerminal({ json });
    return { code: await planDns(access, terminal), data };
  };

  it('is a diff, and something to do', async () => {
    const { code, data } = await planned(aPlan(aPlanned({ changes: [anUpdate], differences: [foreign] })));
    expect(code).toBe(exitCodes.findings);
    expect(data).toEqual([
      'corp.example: as 192.0.2.53:53 answers',
      '  update a.corp.example:443, epoch 8',
      '    - _muster._tcp.corp.example 300 SRV 0 10 443 a.corp.example.',
      '    + _muster._tcp.corp.example 300 SRV 0 20 443 a.corp.example.',
      '    = _muster._tcp.corp.example 300 SRV 0 10 443 rogue.corp.example.  (not ours)',
      '1 change in 1 domain.',
    ]);
  });

  it('without dynamic DNS is what somebody has to enter', async () => {
    const { code, data } = await planned(aPlan(aPlanned({ server: '127.0.0.53:53', differences: [missing] })));
    expect(code).toBe(exitCodes.findings);
    expect(data[2]).toBe('    + _muster._tcp.corp.example 300 SRV 0 10 443 a.corp.example.');
  });

  it.each([
    ['nothing to change', aPlanned(), exitCodes.ok],
    ['records of somebody else at our names', aPlanned({ differences: [foreign] }), exitCodes.ok],
    ['what is only worth knowing', aPlanned({ findings: [{ id: 'site-covered', severity: 'info', detail: 'Munich is covered by Berlin', remedy: 'None.' }] }), exitCodes.ok],
    ['a warning', aPlanned({ findings: [{ id: 'records-many', severity: 'warning', detail: '81 records', remedy: 'Use sites.' }] }), exitCodes.findings],
    ['more deletions than allowed', aPlanned({ refused: '3 of 4 records would go' }), exitCodes.findings],
    ['a server that refuses', aPlanned({ server: null, failure: aFailure }), exitCodes.findings],
    ['a conflict, whatever else', aPlanned({ conflicts: [aConflict], changes: [anUpdate] }), exitCodes.conflict],
  ])('of %s', async (_what, domain, expected) => expect((await planned(aPlan(domain))).code).toBe(expected));

  it('says how to go on against a conflict, and against too many deletions', async () => {
    const { data } = await planned(aPlan(aPlanned({ conflicts: [aConflict], refused: '3 of 4 records would go' })));
    expect(data.join('\n')).toContain('muster dns take-over --domain corp.example --endpoint a.corp.example:443 --confirm');
    expect(data.join('\n')).toMatch(/refused: 3 of 4 records would go\n.*--delete-share/);
  });

  it('does not ask anybody to enter what a word of the administrator would do', async () => {
    const contested = await planned(aPlan(aPlanned({ differences: [missing], conflicts: [{ ...aConflict, found: 'one record\nand another' }] })));
    expect(contested.data).toEqual(expect.arrayContaining(['    one record', '    and another']));
    const refused = await planned(aPlan(aPlanned({ differences: [missing], refused: '3 of 4 records would go' })));
    for (const { data } of [contested, refused]) expect(data.join('\n')).not.toContain('by hand');
  });

  it('says once which server failed', async () => {
    const { data } = await planned(aPlan(aPlanned({ server: null, failure: { ...aFailure, kind: 'unreachable', detail: '192.0.2.53:53: ECONNREFUSED' } })));
    expect(data.slice(0, 2)).toEqual(['corp.example: nobody answered', '  unreachable: 192.0.2.53:53: ECONNREFUSED']);
  });

  it('of no domain is empty, and no failure; in JSON an empty list', async () => {
    expect(await planned(aPlan())).toEqual({ code: exitCodes.ok, data: ['No domain is configured: MUSTER_DNS_DOMAINS names them.'] });
    const { code, data } = await planned(aPlan(), { json: true });
    expect([code, JSON.parse(data.join(''))]).toEqual([exitCodes.ok, { position: 9, domains: [] }]);
  });

  it('asks for the domains that were named, with the token', async () => {
    const { access, asked } = await hosting({ 'GET /v1/dns/plan': aPlan() });
    await planDns({ ...access, domain: ['corp.example', 'lab.example'] }, keepingTerminal().terminal);
    expect(asked).toMatchObject([{ path: '/v1/dns/plan?domain=corp.example&domain=lab.example', authorization: `Bearer ${access.token}` }]);
  });
});

describe('muster dns check', () => {
  it('names each difference, those of others included', async () => {
    const { access } = await hosting({ 'GET /v1/dns/plan': aPlan(aPlanned({ differences: [missing, foreign] })) });
    const { terminal, data } = keepingTerminal();
    expect(await checkDns(access, terminal)).toBe(exitCodes.findings);
    expect(data).toEqual([
      'corp.example: as 192.0.2.53:53 answers',
      '  missing    _muster._tcp.corp.example for a.corp.example:443 is missing',
      '    wanted  300 SRV 0 10 443 a.corp.example.',
      '  foreign    _muster._tcp.corp.example is not ours',
      '    found   300 SRV 0 10 443 rogue.corp.example.',
      '2 differences in 1 domain.',
    ]);
  });

  it('of DNS as it should be ends well', async () => {
    const { access } = await hosting({ 'GET /v1/dns/plan': aPlan(aPlanned()) });
    const { terminal, data } = keepingTerminal();
    expect(await checkDns(access, terminal)).toBe(exitCodes.ok);
    expect(data[1]).toBe('  as it should be');
  });
});

describe('muster dns apply', () => {
  it('says what became of each change', async () => {
    const failed = { ...done, outcome: 'failed', rcode: 'REFUSED', serial: null, detail: 'the policy of the zone' } as const;
    const { access, asked } = await hosting({ 'POST /v1/dns/applications': anApplied({ changes: [done, failed] }) });
    const { terminal, data } = keepingTerminal();
    expect(await applyDns({ ...access, domain: ['corp.example'], deleteShare: 0.9 }, terminal)).toBe(exitCodes.findings);
    expect(data).toEqual([
      'corp.example',
      '  update a.corp.example:443: done (by 192.0.2.53:53, NOERROR, serial 12)',
      '  update a.corp.example:443: FAILED (by 192.0.2.53:53, REFUSED, the policy of the zone)',
    ]);
    expect(asked).toMatchObject([{ method: 'POST', body: { domains: ['corp.example'], deleteShareMax: 0.9 } }]);
  });

  it.each([
    ['all done', { changes: [done] }, exitCodes.ok],
    ['nothing needed any more', { changes: [{ ...done, outcome: 'not-needed', rcode: null } as const] }, exitCodes.ok],
    ['refused', { refused: '3 of 4 records would go' }, exitCodes.findings],
    ['no server', { failure: aFailure }, exitCodes.findings],
    ['a conflict', { conflicts: [aConflict] }, exitCodes.conflict],
  ])('with %s', async (_what, domain, expected) => {
    const { access } = await hosting({ 'POST /v1/dns/applications': anApplied(domain) });
    expect(await applyDns(access, keepingTerminal().terminal)).toBe(expected);
  });

  it('as a dry run shows the plan, and orders nothing', async () => {
    const { access, asked } = await hosting({ 'GET /v1/dns/plan': aPlan(aPlanned({ changes: [anUpdate] })) });
    expect(await applyDns({ ...access, dryRun: true }, keepingTerminal().terminal)).toBe(exitCodes.findings);
    expect(asked.map(({ method }) => method)).toEqual(['GET']);
  });

  it('of somebody without the role is refused with the problem', async () => {
    const problem = { type: '/problems/forbidden', title: 'Not allowed', status: 403, detail: 'This needs an operator.', code: 'forbidden', requiredRole: 'operator' };
    const { access } = await hosting({ 'POST /v1/dns/applications': problem });
    await expect(applyDns(access, keepingTerminal({ json: true }).terminal)).rejects.toMatchObject({ reason: 'authentication', problem });
  });
});

describe('muster dns status', () => {
  const shown = async (description: object) => {
    const { access } = await hosting({ 'GET /v1/dns': description });
    const { terminal, data } = keepingTerminal();
    return { code: await showDnsStatus(access, terminal), text: data.join('\n') };
  };

  it('shows endpoints, where they stand, and the servers', async () => {
    const { code, text } = await shown(aDescription());
    expect(code).toBe(exitCodes.ok);
    expect(text).toMatch(/^a\.corp\.example:443 +https +0 +10 +berlin +all +heard +2026-11-22T20:00:00\.000Z$/m);
    expect(text).toMatch(/^corp\.example {2}TTL 300 s, sites berlin, key registrar, compared 2026/m);
    expect(text).toMatch(/^ {2}_muster\._tcp\.corp\.example +a\.corp\.example:443 +0 +10 /m);
  });

  it('shows a server that fails, why, and when it is tried again', async () => {
    const { code, text } = await shown(aDescription({ domains: [aFailingDomain()] }));
    expect(code).toBe(exitCodes.findings);
    expect(text).toMatch(/^ {2}\[2001:db8::53\]:53 +failing +- +2026-11-22T20:05:00\.000Z +bad-key at 2026-11-22T20:00:00\.000Z: the server does not know the key$/m);
  });

  it('says why no server can be asked', async () => {
    const failure = { kind: 'invalid', detail: 'the key file cannot be read', server: null, at: '2026-11-22T20:00:00.000Z' };
    const { code, text } = await shown(aDescription({ domains: [aDomain({ failure, key: null })] }));
    expect(code).toBe(exitCodes.findings);
    expect(text).toContain('no server can be asked: the key file cannot be read (invalid)');
  });

  it('says why nothing is listed', async () => {
    const endpoint = anEndpoint({ standing: 'withdrawn', cause: 'command', published: [], lastHeardAt: null });
    const { text } = await shown(aDescription({ serving: false, endpoints: [endpoint], domains: [aDomain({ servers: [], key: null, reconciledAt: null })] }));
    expect(text).toContain('not serving: the host is not activated, or retired');
    expect(text).toMatch(/withdrawn \(command\) since .* not since this registrar runs/);
    expect(text).toContain('no dynamic DNS');
    expect(text).toContain('nothing of ours is published here');
  });

  it('of nothing at all says what to configure', async () => {
    const { code, text } = await shown(aDescription({ deployment: null, endpoints: [], domains: [] }));
    expect(code).toBe(exitCodes.ok);
    for (const variable of ['MUSTER_ADVERTISE', 'MUSTER_DNS_DOMAINS']) expect(text).toContain(variable);
  });

  it('of a conflict ends with 5', async () => expect((await shown(aDescription({ domains: [aDomain({ conflicts: [aConflict] })] }))).code).toBe(exitCodes.conflict));
});

describe('muster dns records', () => {
  const records = async (list: readonly object[], options: object, { json = false } = {}) => {
    const { access } = await hosting({ 'GET /v1/dns/records': { position: 9, records: list } });
    const { terminal, data, notes } = keepingTerminal({ json });
    return { code: await listRecords({ ...access, ...options }, terminal), data, notes };
  };

  it('is a table unless asked, JSON where asked', async () => {
    expect((await records(RECORDS, {})).data[0]).toBe('In zone corp.example: 3 SRV records and 3 TXT records');
    const { data } = await records(RECORDS, {}, { json: true });
    expect(JSON.parse(data.join('\n'))).toEqual({ position: 9, records: RECORDS });
    const batch = await records(RECORDS.slice(0, 2), { format: 'route53-json' }, { json: true });
    expect(JSON.parse(batch.data.join('\n'))).toMatchObject({ Changes: [{ Action: 'UPSERT' }, { Action: 'UPSERT' }] });
  });

  it('of none are nothing, and no failure', async () => {
    expect(await records([], { format: 'bind' })).toMatchObject({ code: exitCodes.ok, data: [], notes: [expect.stringMatching(/^Nothing is to stand in DNS/)] });
    expect(JSON.parse((await records([], {}, { json: true })).data.join(''))).toEqual({ position: 9, records: [] });
  });

  it('that are no JSON are not printed as such', async () => {
    await expect(records(RECORDS, { format: 'bind' }, { json: true })).rejects.toMatchObject({ reason: 'usage' });
    expect(hosts.flatMap(({ asked }) => asked)).toEqual([]);
  });
});

describe('muster dns scavenge', () => {
  it.each([
    ['nothing was left', { dryRun: true }, aScavenge([]), exitCodes.ok, 'Nothing was left behind.'],
    ['something waits', { dryRun: true }, aScavenge([anOrphan()]), exitCodes.ok, /^old\.corp\.example:443 in corp\.example, .* waits until 2026-11-22T20:05/],
    ['something would go', { dryRun: true }, aScavenge([anOrphan({ outcome: 'would-go' })]), exitCodes.findings, /would go$/],
    ['it is gone', {}, aScavenge([anOrphan({ outcome: 'gone' })]), exitCodes.ok, /gone$/],
    ['it could not be removed', {}, aScavenge([anOrphan({ outcome: 'failed', detail: 'refused' })]), exitCodes.findings, /FAILED: refused$/],
    ['a zone could not be asked', {}, aScavenge([], [{ domain: 'corp.example', failure: aFailure }]), exitCodes.findings, /^not looked through: corp\.example, refused of 192\.0\.2\.53:53/],
  ])('when %s', async (_what, options, answer, expected, line) => {
    const { access, asked } = await hosting({ 'POST /v1/dns/scavenges': answer });
    const { terminal, data } = keepingTerminal();
    expect(await scavenge({ ...access, ...options }, terminal)).toBe(expected);
    expect(data[0]).toMatch(line);
    expect(asked).toMatchObject([{ body: { dryRun: 'dryRun' in options } }]);
  });
});
