import { namedHere } from '@muster/devstack';
import { failureOf } from '../dns-failure.fixture.js';
import { RCODE } from '../message/codes.js';
import type { RecordType } from '../message/record-data.js';
import { query, type QueryOptions } from '../query.js';
import { add, namedScene, srv, ZONE, type NamedScene } from './named.fixture.js';

const programs = namedHere('questions to a real named');

(programs === undefined ? describe.skip : describe)('asking a real named', () => {
  let scene: NamedScene;
  beforeAll(async () => (scene = await namedScene(programs!)));
  afterAll(() => scene?.stop());

  const ask = <Type extends RecordType>(name: string, type: Type, options: Partial<QueryOptions> = {}) =>
    query({ server: { address: '127.0.0.1', port: scene.named.port }, timeoutMs: 10_000, recursive: false, ...options, name, type });

  it('reads every type that nsupdate writes', async () => {
    const name = `written.${ZONE}`;
    const rows = ['60 A 192.0.2.7', '60 AAAA 2001:db8::7', '60 TXT "a b" "\\200\\000\\""', '60 SRV 1 2 3 host-1.corp.test'];
    await scene.nsupdate('registrar', [`zone ${ZONE}`, ...rows.map((row) => `update add ${name} ${row}`)]);
    const found = await Promise.all((['A', 'AAAA', 'TXT', 'SRV'] as const).map(async (type) => (await ask(name, type)).records.map(({ data }) => data)));
    expect(found.flat()).toEqual([
      { type: 'A', address: '192.0.2.7' },
      { type: 'AAAA', address: '2001:db8::7' },
      { type: 'TXT', strings: ['a b', '\xc8\0"'] },
      srv('host-1.corp.test', { priority: 1, weight: 2, port: 3 }),
    ]);
  });

  it('has dig read every type that we write', async () => {
    const name = `ours.${ZONE}`;
    await scene.update([
      add(name, { type: 'A', address: '192.0.2.8' }),
      add(name, { type: 'AAAA', address: '2001:db8::8' }),
      add(name, { type: 'TXT', strings: ['v=1 epoch=7', '\xc8"'] }),
      add(name, srv('Host-8.corp.test', { priority: 65_535, weight: 0, port: 8443 })),
    ]);
    expect(await Promise.all(['A', 'AAAA', 'TXT', 'SRV'].map((type) => scene.dig(name, type)))).toEqual([
      '192.0.2.8',
      '2001:db8::8',
      '"v=1 epoch=7" "\\200\\""',
      '65535 0 8443 Host-8.corp.test.',
    ]);
  });

  it('tells no such name from no such record, and for how long that may be remembered', async () => {
    expect(await ask(`none.${ZONE}`, 'SRV')).toMatchObject({ status: 'no-name', records: [], negativeTtlSeconds: 60, authoritative: true });
    expect(await ask(`host-1.${ZONE}`, 'SRV')).toMatchObject({ status: 'no-data', records: [], negativeTtlSeconds: 60 });
  });

  it('follows an alias and says that it did', async () => {
    const { aliases, records } = await ask(`alias.${ZONE}`, 'AAAA');
    expect(aliases).toEqual([`host-1.${ZONE}`]);
    expect(records.map(({ data }) => data.address)).toEqual(['2001:db8::1']);
    expect((await ask(`alias.${ZONE}`, 'CNAME')).records.map(({ data }) => data.target)).toEqual([`host-1.${ZONE}`]);
  });

  it('shows a service that is switched off as the target of one dot', async () => {
    expect((await ask(`_off._tcp.${ZONE}`, 'SRV')).records.map(({ data }) => data.target)).toEqual(['.']);
  });

  it('reads the zone’s head', async () => {
    const [soa] = (await ask(ZONE, 'SOA')).records;
    expect(soa?.data).toMatchObject({ primary: `ns.${ZONE}`, mailbox: `hostmaster.${ZONE}`, negativeSeconds: 60 });
    expect((await ask(ZONE, 'NS')).records[0]?.data.target).toBe(`ns.${ZONE}`);
  });

  it('gets a set that fits no datagram whole, over TCP', async () => {
    const name = `many.${ZONE}`;
    await scene.update(Array.from({ length: 90 }, (_, host) => add(name, srv(`h${host}.corp.test`))));
    const { records, protocol } = await ask(name, 'SRV', { protocol: 'udp' });
    expect({ count: records.length, protocol }).toEqual({ count: 90, protocol: 'tcp' });
  });

  it('is refused where the server serves nothing', async () => {
    expect(await failureOf(ask('www.elsewhere.test', 'A'))).toMatchObject({ kind: 'refused', rcode: Object.keys(RCODE)[RCODE.REFUSED] });
  });
});
