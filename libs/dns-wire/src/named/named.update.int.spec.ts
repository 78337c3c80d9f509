import { namedHere } from '@muster/devstack';
import { failureOf } from '../dns-failure.fixture.js';
import type { Protocol } from '../transport/exchange.js';
import type { Prerequisite } from '../update/prerequisite.js';
import { add, namedScene, NARROW_ZONE, remove, SERVICE, srv, ZONE, type NamedScene } from './named.fixture.js';

const programs = namedHere('updates of a real named');
const OWNER_KIND = 'TXT';
const text = (value: string) => ({ type: 'TXT', strings: [value] }) as const;

(programs === undefined ? describe.skip : describe)('updating a real named', () => {
  let scene: NamedScene;
  beforeAll(async () => (scene = await namedScene(programs!)));
  afterAll(() => scene?.stop());

  let count = 0;
  /** A name that no other test uses. */
  const fresh = (): string => `n${(count += 1)}.${ZONE}`;
  const targets = async (name: string): Promise<readonly string[]> => (await scene.srvOf(name)).records.map(({ data }) => data.target).sort();

  it.each<[Protocol, '127.0.0.1' | '::1']>([
    ['tcp', '127.0.0.1'],
    ['udp', '127.0.0.1'],
    ['tcp', '::1'],
    ['udp', '::1'],
  ])('adds over %s at %s, and everybody sees it at once', async (protocol, address) => {
    if (!scene.named.addresses.includes(address)) return void process.stderr.write(`\n*** NOT TESTED: updates over IPv6: this machine has no ${address}\n\n`);
    const name = fresh();
    const way = { server: { address, port: scene.named.port }, protocol };
    const before = await scene.update([add(name, text('before'))], { withSerial: true });
    const result = await scene.update([add(name, srv('host-1.corp.test'))], { ...way, withSerial: true });
    expect(result).toEqual({ rcode: 'NOERROR', signed: true, serial: before.serial! + 1 });
    expect(await scene.dig(name, 'SRV')).toBe('10 20 443 host-1.corp.test.');
    expect((await scene.srvOf(name, way)).records).toEqual([{ name, ttlSeconds: 60, data: srv('host-1.corp.test') }]);
  });

  it.each(['sha384', 'sha512'] as const)('signs with hmac-%s', async (key) => {
    expect(await scene.update([add(fresh(), srv('host-1.corp.test'))], { key: scene.keys[key] })).toMatchObject({ signed: true });
  });

  it('changes nothing, and no serial, by adding what is there', async () => {
    const name = fresh();
    const first = await scene.update([add(name, srv('a.corp.test'))], { withSerial: true });
    const second = await scene.update([add(name, srv('a.corp.test'))], { withSerial: true });
    expect(second).toEqual(first);
  });

  it('puts another weight beside the first, unless the first is removed in the same message', async () => {
    const name = fresh();
    await scene.update([add(name, srv('a.corp.test')), add(name, srv('a.corp.test', { weight: 30 }))]);
    expect(await targets(name)).toHaveLength(2);
    await scene.update([remove(name, srv('a.corp.test')), remove(name, srv('a.corp.test', { weight: 30 })), add(name, srv('a.corp.test', { weight: 40 }))]);
    expect((await scene.srvOf(name)).records.map(({ data }) => data.weight)).toEqual([40]);
  });

  it('removes nothing under another weight, and says NOERROR', async () => {
    const name = fresh();
    await scene.update([add(name, srv('a.corp.test'))]);
    expect(await scene.update([remove(name, srv('a.corp.test', { weight: 21 }))])).toMatchObject({ rcode: 'NOERROR' });
    expect(await targets(name)).toEqual(['a.corp.test']);
  });

  it('takes a target in other letters for the same, and keeps the first spelling', async () => {
    const name = fresh();
    await scene.update([add(name, srv('a.corp.test'))]);
    await scene.update([add(name, srv('A.Corp.test'))]);
    expect(await targets(name)).toEqual(['a.corp.test']);
    await scene.update([remove(name, srv('A.CORP.TEST'))]);
    expect(await targets(name)).toEqual([]);
  });

  it('has one TTL for a set: the last one given', async () => {
    const name = fresh();
    await scene.update([add(name, srv('a.corp.test'), 300)]);
    await scene.update([add(name, srv('b.corp.test'), 60)]);
    expect((await scene.srvOf(name)).records.map(({ ttlSeconds }) => ttlSeconds)).toEqual([60, 60]);
  });

  it('removes a set, and a name with all it has', async () => {
    const name = fresh();
    await scene.update([add(name, srv('a.corp.test')), add(name, srv('b.corp.test')), add(name, text('stays'))]);
    await scene.update([{ kind: 'remove-set', name, type: 'SRV' }]);
    expect((await scene.srvOf(name)).status).toBe('no-data');
    await scene.update([{ kind: 'remove-name', name }]);
    expect((await scene.srvOf(name)).status).toBe('no-name');
  });

  describe('under a prerequisite', () => {
    const present = `present.${ZONE}`;
    const absent = `absent.${ZONE}`;
    beforeAll(() => scene.update([add(present, srv('a.corp.test')), add(present, srv('b.corp.test'))]));

    const cases: readonly [string, Prerequisite, Prerequisite][] = [
      ['YXRRSET', { kind: 'set-absent', name: present, type: 'SRV' }, { kind: 'set-absent', name: present, type: OWNER_KIND }],
      ['NXRRSET', { kind: 'set-exists', name: present, type: OWNER_KIND }, { kind: 'set-exists', name: present, type: 'SRV' }],
      ['NXRRSET', { kind: 'set-equals', name: present, data: [srv('a.corp.test')] }, { kind: 'set-equals', name: present, data: [srv('b.corp.test'), srv('a.corp.test')] }],
      ['NXDOMAIN', { kind: 'name-in-use', name: absent }, { kind: 'name-in-use', name: present }],
      ['YXDOMAIN', { kind: 'name-not-in-use', name: present }, { kind: 'name-not-in-use', name: absent }],
    ];
    it.each(cases)('that does not hold it answers %s and changes nothing; under one that does, it does it (%#)', async (rcode, fails, holds) => {
      const name = fresh();
      const failure = await failureOf(scene.update([add(name, srv('a.corp.test'))], { prerequisites: [fails] }));
      expect(failure).toMatchObject({ kind: 'prerequisite-failed', rcode, prerequisites: [fails], authenticated: true, outcomeUnknown: false });
      expect((await scene.srvOf(name)).status).toBe('no-name');
      await scene.update([add(name, srv('a.corp.test'))], { prerequisites: [holds] });
      expect(await targets(name)).toEqual(['a.corp.test']);
    });

    it('lets exactly one of twenty claim a name', async () => {
      const name = fresh();
      const claims = Array.from({ length: 20 }, (_, host) =>
        scene.update([add(name, text(`host=${host}`))], { prerequisites: [{ kind: 'set-absent', name, type: OWNER_KIND }] }).then(
          () => 'claimed',
          (error: { readonly rcode?: string }) => error.rcode,
        ),
      );
      const outcomes = await Promise.all(claims);
      expect(outcomes.filter((outcome) => outcome === 'claimed')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'YXRRSET')).toHaveLength(19);
    });

    it('takes away the owner and what it owned in one', async () => {
      const [owner, name] = [fresh(), fresh()];
      await scene.update([add(owner, text('epoch=1')), add(name, srv('a.corp.test'))]);
      await scene.update([remove(owner, text('epoch=1')), remove(name, srv('a.corp.test'))], { prerequisites: [{ kind: 'set-equals', name: owner, data: [text('epoch=1')] }] });
      expect([(await scene.srvOf(owner)).status, (await scene.srvOf(name)).status]).toEqual(['no-name', 'no-name']);
    });
  });

  it('has the records of one name end at 100: the message with the next is dropped whole', async () => {
    const name = fresh();
    await scene.update(Array.from({ length: 100 }, (_, host) => add(name, srv(`h${host}.corp.test`))));
    const failure = await failureOf(scene.update([add(name, srv('one-too-many.corp.test')), add(name, text('lost with it'))]));
    expect(failure).toMatchObject({ kind: 'server-failed', rcode: 'SERVFAIL', authenticated: true });
    expect(await targets(name)).toHaveLength(100);
  });

  describe('where it may not', () => {
    it.each<[string, string, () => Promise<unknown>]>([
      ['refused, unsigned', 'refused', () => scene.update([add(fresh(), srv('a.corp.test'))], { key: undefined } as never)],
      ['refused, a key that no rule names', 'refused', () => scene.update([add(fresh(), srv('a.corp.test'))], { key: scene.keys.stranger })],
      ['refused, a type that no rule grants', 'refused', () => scene.update([add(`_muster._tcp.${NARROW_ZONE}`, text('x'))], { zone: NARROW_ZONE })],
      ['refused, a name that no rule grants', 'refused', () => scene.update([add(`www.${NARROW_ZONE}`, srv('a.corp.test'))], { zone: NARROW_ZONE })],
      ['no such zone here', 'not-auth-zone', () => scene.update([add('a.elsewhere.test', srv('a.corp.test'))], { zone: 'elsewhere.test' })],
      ['a name below the apex for the zone', 'not-auth-zone', () => scene.update([add(SERVICE, srv('a.corp.test'))], { zone: `_tcp.${ZONE}` })],
      ['a name outside the zone', 'outside-zone', () => scene.update([add('a.lab.test', srv('a.corp.test'))])],
    ])('says so: %s', async (what, kind, doing) => {
      expect(await failureOf(doing())).toMatchObject({ kind, authenticated: !what.endsWith('unsigned'), serverTimeMs: undefined });
    });

    it('may, within least privilege', async () => {
      const site = `_muster._tcp.berlin._sites.${NARROW_ZONE}`;
      await scene.update([add(site, srv('a.corp.test')), add(`_muster._tcp.${NARROW_ZONE}`, srv('a.corp.test')), add(`h1._owner._muster._tcp.${NARROW_ZONE}`, text('v=1'))], { zone: NARROW_ZONE });
      expect(await targets(site)).toEqual(['a.corp.test']);
    });
  });
});
