import { Resolver } from 'node:dns/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PrivateNamed } from '@muster/devstack';
import { freePort, namedHere, startNamed } from '@muster/devstack';
import { checkTarget, leadingTo } from './check-target.js';

const records = ['host-1 A 192.0.2.1', 'host-1 AAAA 2001:db8::1', 'host-6 AAAA 2001:db8::6', 'alias CNAME host-1', 'dangling CNAME nowhere', 'text TXT "no address"'];

(namedHere('the name of a gateway, by a real DNS server') ? describe : describe.skip)('a name, as a DNS server has it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-check-target-'));
  let named: PrivateNamed;
  const resolverAt = (server: string): Resolver => {
    const resolver = new Resolver({ timeout: 500, tries: 1 });
    resolver.setServers([server]);
    return resolver;
  };
  const check = (target: string) => checkTarget(target, resolverAt(`127.0.0.1:${named.port}`));

  beforeAll(async () => {
    named = await startNamed({ dir, keys: [], zones: [{ name: 'corp.test', updatePolicy: [], records }] });
  });
  afterAll(async () => {
    await named?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('is right with an address of its own, of either family', async () => {
    expect(await check('host-1.corp.test')).toEqual({ status: 'right', addresses: ['192.0.2.1', '2001:db8::1'] });
    expect(await check('host-6.corp.test')).toEqual({ status: 'right', addresses: ['2001:db8::6'] });
  });

  it('is wrong when it is an alias, though it has an address by that', async () => {
    expect(await check('alias.corp.test')).toEqual({ status: 'wrong', why: expect.stringContaining('alias.corp.test is an alias of host-1.corp.test') as unknown });
    expect(await check('dangling.corp.test')).toMatchObject({ status: 'wrong', why: expect.stringContaining('alias') as unknown });
  });

  it('is wrong without an address, and when nobody knows it', async () => {
    for (const target of ['text.corp.test', 'nowhere.corp.test']) expect(await check(target)).toEqual({ status: 'wrong', why: `${target} has no address in DNS` });
  });

  it('is neither when the server does not serve it or does not answer', async () => {
    expect(await check('host-1.elsewhere.test')).toEqual({ status: 'unanswered', why: expect.stringContaining('EREFUSED') as unknown });
    expect(await checkTarget('host-1.corp.test', resolverAt(`127.0.0.1:${await freePort()}`))).toMatchObject({ status: 'unanswered' });
  });
});

describe('a name that the machine gives itself', () => {
  const right = { status: 'right', addresses: ['192.0.2.1', '2001:db8::1'] } as const;

  it('is right when one of its addresses is the machine’s', () => {
    expect(leadingTo(new Set(['10.0.0.1', '2001:db8::1']), right, 'host-1.corp.example')).toBe(right);
  });

  it('is wrong when it leads elsewhere, and as it was when it is not right anyway', () => {
    expect(leadingTo(new Set(['10.0.0.1']), right, 'host-1.corp.example')).toEqual({ status: 'wrong', why: 'host-1.corp.example leads to 192.0.2.1, 2001:db8::1 in DNS, which is not this machine' });
    const unanswered = { status: 'unanswered', why: 'no resolver answers' } as const;
    expect(leadingTo(new Set(), unanswered, 'host-1.corp.example')).toBe(unanswered);
  });
});
