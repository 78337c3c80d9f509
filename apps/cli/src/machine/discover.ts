import type { DiscoveryStep, FoundHost, HostAddress, LookedUp, MachineDirectory, Proof } from '@muster/client';
import { cachedHost, httpTransport, proveHost, quarantineOf } from '@muster/client';
import { systemClock, systemDraws, toInstant } from '@muster/kernel';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { stepLines } from './discovery-lines.js';
import { type HostSource, hostSource, openDnsDiscovery } from './host-source.js';
import { certificatesFor, machineDirectory, type MachineOptions } from './machine-place.js';
import { type DomainOptions, listIn } from './set-domain.js';
import { trustedHere } from './trusted-here.js';

export interface DiscoverOptions extends DomainOptions, Pick<MachineOptions, 'data' | 'root' | 'product'> {
  /** Several joined by commas. */
  readonly domain?: string;
}

/** What is to be looked for: the command line before what the machine would do. */
const wishOf = (options: DiscoverOptions, source: HostSource): Extract<HostSource, { readonly by: 'dns' }>['dns'] => {
  const { domain, site, label, searchParents, allowHttp, resolver } = options;
  return {
    ...(source.by === 'dns' ? source.dns : {}),
    ...(domain === undefined ? {} : { domains: listIn(domain) }),
    ...(site === undefined ? {} : { site }),
    ...(label === undefined ? {} : { label }),
    ...(searchParents === undefined ? {} : { searchParents }),
    ...(allowHttp === undefined ? {} : { allowHttp }),
    ...(resolver === undefined ? {} : { resolvers: [...listIn(resolver)] }),
  };
};

interface Shown extends FoundHost {
  /** Null where no root key is known. */
  readonly proof: Proof | null;
  /** Until when the machine leaves it alone, and why. */
  readonly quarantined: { readonly until: string; readonly why: string } | null;
}

const overrideWords = (source: HostSource): string | undefined => {
  if (source.by === 'dns') return undefined;
  const whence = { hand: 'set by hand', environment: 'named by MUSTER_HOST', local: 'which runs here' }[source.by];
  return `This machine asks ${source.hosts.join(', ')}, ${whence}, and does not look in DNS. This is what DNS says:`;
};

/** The machine's own host, by the product that is meant or the only one there is. */
const rememberedBy = ({ product }: DiscoverOptions, directory: MachineDirectory): HostAddress | null => {
  const [only, ...others] = product === undefined ? directory.products() : [product];
  return only === undefined || others.length > 0 ? null : (directory.load(only)?.host.remembered ?? null);
};

/** Looks for hosts by DNS now, shows every step, and has each host found prove itself. It keeps nothing, and asks for nothing else. */
export const discover = async (options: DiscoverOptions, terminal: Terminal): Promise<ExitCode> => {
  const directory = machineDirectory(options);
  const source = hostSource(options, directory);
  const steps: DiscoveryStep[] = [];
  const trace = (step: DiscoveryStep): void => {
    steps.push(step);
    if (!terminal.json) for (const line of stepLines(step)) terminal.data(line);
  };
  const overridden = overrideWords(source);
  if (overridden !== undefined) terminal.note(overridden);
  const discovery = openDnsDiscovery({ ...wishOf(options, source), trace });
  const { root, revocations } = await trustedHere(options, directory);
  const state = directory.discovery();
  const nowMs = systemClock.nowMs();
  const remembered = rememberedBy(options, directory);
  const cached = cachedHost(state, { remembered, names: discovery.names(), nowMs });
  if (cached !== undefined) trace({ type: 'cached', host: cached.host.host, ageSeconds: cached.ageSeconds });
  const found: LookedUp = await discovery.lookUp({ remembered, draws: systemDraws });

  const transport = httpTransport({ addressesOf: discovery.addressesOf, ca: certificatesFor() });
  const hosts = await Promise.all(
    (found.type === 'listed' ? found.hosts : []).map(async (host): Promise<Shown> => {
      const kept = quarantineOf(state, host, nowMs);
      const proof = root === undefined ? null : await proveHost(host.host, { transport, root, revocations, nowMs });
      return { ...host, proof, quarantined: kept === undefined ? null : { until: toInstant(kept.untilMs), why: kept.why } };
    }),
  );
  for (const { host, proof, quarantined } of hosts) {
    if (proof?.type === 'proved') trace({ ...proof, host });
    else if (proof !== null) trace({ type: 'not-proved', host, why: proof.why, quarantinedUntilMs: null });
    if (quarantined !== null && !terminal.json) terminal.data(`left alone  ${host} until ${quarantined.until}: ${quarantined.why}`);
  }
  const usable = hosts.some(({ proof }) => proof === null || proof.type === 'proved');
  const detail = found.type === 'listed' ? null : found.detail;
  if (terminal.json) terminal.data(JSON.stringify({ dir: directory.path, source: source.by, found: found.type, detail, cached: cached?.host.host ?? null, remembered, rootKnown: root !== undefined, hosts, steps }, undefined, 2));
  else {
    if (detail !== null) terminal.note(`${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`);
    if (root === undefined && hosts.length > 0) terminal.note("The vendor's root key is not known here: no host could prove itself. Give it with --root FILE.");
  }
  return usable ? exitCodes.ok : exitCodes.unreachable;
};
