import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import { fixedClock, seededDraws, TEST_START_MS as NOW_MS } from '@muster/testing';
import { createDevelopmentVendor, type DevelopmentVendor } from '@muster/trust';
import type { DiscoveryState } from '../core/discovery/discovery-state.js';
import { keepFound, keepGood, noDiscovery } from '../core/discovery/discovery-state.js';
import type { FoundHost } from '../core/discovery/found-host.js';
import { fakeHost } from '../shell/fake-host.fixture.js';
import type { WireReply } from '../shell/ports.js';
import { AHEAD, CONTACT_MS_MAX, dnsSearch } from './dns-search.js';
import type { LookedUp } from './look-up-hosts.js';

const NAMES = ['_muster._tcp.corp.example'];
const [HERE, THERE, ROGUE] = ['192.0.2.1', '192.0.2.2', '203.0.113.66'];
const at = (target: string, address: string): FoundHost => ({ host: `https://${target}`, target, port: 443, scheme: 'https', addresses: [address] });
const listed = (...hosts: readonly FoundHost[]): LookedUp => ({ type: 'listed', hosts });

describe('the search for hosts in one contact', () => {
  let vendor: DevelopmentVendor;
  let state: DiscoveryState;
  beforeAll(async () => {
    vendor = await createDevelopmentVendor({ nowMs: NOW_MS });
  });
  beforeEach(() => {
    state = keepGood(keepFound(noDiscovery, { names: NAMES, hosts: [at('good', HERE)], nowMs: NOW_MS }), 'https://good');
  });

  /** Whoever was asked, in order, and what was held against each; nobody gives an outcome. Real hosts stand at the addresses given. */
  const contact = async (found: LookedUp, { hostsAt = [HERE], nowMs = NOW_MS }: { readonly hostsAt?: readonly string[]; readonly nowMs?: number } = {}): Promise<readonly (readonly [string, string | undefined])[]> => {
    const clock = fixedClock(nowMs);
    const host = fakeHost(vendor, { clock });
    const places = new Map<string, FoundHost>();
    const impostor: WireReply = { type: 'unreachable', detail: 'ERR_TLS_CERT_ALTNAME_INVALID', certificate: true };
    const search = dnsSearch({
      remembered: null,
      root: vendor.rootKey.publicJwk,
      revocations: () => Promise.resolve(undefined),
      memory: { discovery: () => state, keepDiscovery: (next) => void (state = next) },
      transport: { ...host, exchange: (address, exchange) => (hostsAt.includes(places.get(address)?.addresses[0] ?? '') ? host.exchange(address, exchange) : Promise.resolve(impostor)) },
      clock,
      draws: seededDraws('search'),
      lookUp: () => Promise.resolve(found),
      names: () => NAMES,
      allowHttp: false,
      trace: () => undefined,
      goTo: (place) => void places.set(place.host, place),
    });
    const asked: (readonly [string, string | undefined])[] = [];
    for (let next = await search.next(); next.length > 0; next = await search.next()) {
      for (const one of next) asked.push([`${one} at ${places.get(one)?.addresses.join() ?? ''}`, await search.objectionTo(one)]);
    }
    return asked;
  };
  /** A search among those hosts, of whom only the good one answers; `atOnce` is how many were asked at the same time. */
  const among = (hosts: readonly FoundHost[], monotonicMs: () => number = () => 0) => {
    const clock = fixedClock(NOW_MS);
    const host = fakeHost(vendor, { clock });
    const atOnce: number[] = [];
    let open = 0;
    const exchange: typeof host.exchange = async (address, exchanged) => {
      atOnce.push((open += 1));
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return address === 'https://good' ? host.exchange(address, exchanged) : { type: 'unreachable', detail: 'no answer in time' };
    };
    const search = dnsSearch({
      ...{ remembered: null, root: vendor.rootKey.publicJwk, revocations: () => Promise.resolve(undefined), memory: { discovery: () => noDiscovery, keepDiscovery: () => undefined } },
      ...{ transport: { ...host, exchange }, clock, draws: seededDraws('search'), lookUp: () => Promise.resolve(listed(...hosts)), names: () => NAMES, allowHttp: false },
      ...{ trace: () => undefined, goTo: () => undefined, monotonicMs },
    });
    return { search, atOnce };
  };
  const silent = Array.from({ length: 99 }, (_one, index) => at(`hole${index}`, ROGUE));

  it('has hosts prove themselves side by side once one failed, so that any number of silent ones cost little', async () => {
    const { search, atOnce } = among([...silent, at('good', HERE)]);
    const objections: (string | undefined)[] = [];
    for (const host of await search.next()) objections.push(await search.objectionTo(host));
    expect([objections.length, objections.at(-1), objections.filter((one) => one === 'no answer in time').length]).toEqual([100, undefined, 99]);
    expect([atOnce[0], atOnce[1], Math.max(...atOnce)]).toEqual([1, 1, AHEAD]);
  });

  it('asks nobody else while the first host serves', async () => {
    const { search, atOnce } = among([at('good', HERE), ...silent]);
    const [first = ''] = await search.next();
    expect([await search.objectionTo(first), atOnce.length]).toEqual([undefined, 1]);
  });

  it('comes to an end, however slowly hosts answer', async () => {
    let nowMs = 0;
    const { search, atOnce } = among(silent, () => nowMs);
    const [first = '', second = ''] = await search.next();
    await search.objectionTo(first);
    nowMs = CONTACT_MS_MAX;
    expect(await search.objectionTo(second)).toBe('the time for this contact was over');
    expect(atOnce.length).toBeLessThanOrEqual(1 + AHEAD);
  });

  const notHost = expect.stringMatching(/^it did not prove/) as string;

  it('asks a host that moved where it stands now, though somebody else answers at its old address', async () => {
    expect(await contact(listed(at('good', THERE)), { hostsAt: [THERE] })).toEqual([
      [`https://good at ${HERE}`, notHost],
      [`https://good at ${THERE}`, undefined],
    ]);
  });

  it('ends with the host that served last while DNS names nobody else who serves, however often', async () => {
    const later = NOW_MS + 8 * DAY_SECONDS * SECOND_MS; // too old to be asked first
    const expected = [
      [`https://rogue at ${ROGUE}`, notHost],
      [`https://good at ${HERE}`, undefined],
    ];
    expect(await contact(listed(at('rogue', ROGUE)), { nowMs: later })).toEqual(expected);
    expect(await contact(listed(at('rogue', ROGUE)), { nowMs: later + 3600 * SECOND_MS })).toEqual(expected);
    expect(await contact({ type: 'nobody', switchedOff: false, detail: 'DNS names no host' }, { nowMs: later + 7200 * SECOND_MS })).toEqual(expected.slice(1));
  });

  it('asks nobody where the service is switched off', async () => {
    const later = NOW_MS + 8 * DAY_SECONDS * SECOND_MS;
    expect(await contact({ type: 'nobody', switchedOff: true, detail: 'it is off' }, { nowMs: later })).toEqual([]);
  });

  it('leaves an impostor alone where it stands, and is back with the host once its name leads there again', async () => {
    const later = NOW_MS + 8 * DAY_SECONDS * SECOND_MS;
    expect(await contact(listed(at('good', ROGUE)), { nowMs: later })).toEqual([[`https://good at ${ROGUE}`, notHost]]);
    expect(await contact(listed(at('good', ROGUE)), { nowMs: later })).toEqual([[`https://good at ${ROGUE}`, expect.stringContaining('left alone')]]);
    expect(await contact(listed(at('good', HERE)), { nowMs: later })).toEqual([[`https://good at ${HERE}`, undefined]]);
  });
});
