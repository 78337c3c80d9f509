import { hostname } from 'node:os';
import type { Clock } from '@muster/kernel';
import { findLocalHost } from '../access/find-host.js';
import type { LocalHost } from '../access/host-access.js';
import { machineDirectory } from '../machine/machine-place.js';
import { examineDns } from './examine-dns.js';
import { examineHosts } from './examine-hosts.js';
import type { PartFacts } from './facts.js';
import { type Administration, askAdministration } from './gather/ask-administration.js';
import { askParts } from './gather/ask-parts.js';
import { trustedHere } from '../machine/trusted-here.js';
import { machineHere } from './gather/look-at-machine.js';
import { readResolvConf } from './gather/resolvers.js';
import { startBudget, type TimeBudget } from './gather/time-budget.js';
import { unlessOutOfTime } from './gather/unless-out-of-time.js';
import { judgeMachine } from './judge/judge-machine.js';
import { judgeRegistrar } from './judge/judge-registrar.js';
import { judgeServices } from './judge/judge-services.js';
import { allOf, type DoctorReport, type Judgement, type Skipped } from './report.js';
import { administrationOf, type DoctorOptions, wishesOf } from './wishes.js';

const nothing: Judgement = { findings: [], checks: [] };

const askAdministrators = (options: DoctorOptions, budget: TimeBudget): Promise<Administration> => {
  const found = administrationOf(options, process.env);
  if ('access' in found) return askAdministration(found.access, budget);
  const { reason } = found;
  const skipped = [{ area: 'registrar', subject: 'registrar', reason } as const, { area: 'services', subject: 'positions', reason } as const];
  return Promise.resolve({ registrar: null, positions: [], skipped });
};

const examineParts = async (local: LocalHost | undefined, budget: TimeBudget): Promise<{ readonly parts: readonly PartFacts[]; readonly skipped: readonly Skipped[] }> => {
  const what = { area: 'services', subject: 'readiness of each service' } as const;
  if (local === undefined) return { parts: [], skipped: [{ ...what, reason: 'no host runs here; of another one, the gateway alone is asked' }] };
  const skipped: Skipped[] = [];
  return { parts: (await unlessOutOfTime(what, { skipped, work: () => askParts(local, budget) })) ?? [], skipped };
};

const examineMachine = async (options: DoctorOptions, nowMs: number): Promise<DoctorReport> => {
  const { host: _elsewhere, ...here } = options;
  const found = await machineHere(here, { directory: machineDirectory(options), nowMs });
  return 'facts' in found ? { ...judgeMachine(found.facts), skipped: [] } : { ...nothing, skipped: [found.skipped] };
};

/** Looks at all that a client needs to be served, from this machine. Changes nothing. @throws CliFailure `usage` for what cannot be read of the options */
export const examine = async (options: DoctorOptions, clock: Clock): Promise<DoctorReport> => {
  const budget = startBudget();
  const directory = machineDirectory(options);
  const wishes = wishesOf(options, { directory, env: process.env, hostname: hostname(), resolvConf: readResolvConf() });
  const local = findLocalHost(options);
  const asked = [askAdministrators(options, budget), examineParts(local, budget), trustedHere(options, directory), examineMachine(options, clock.nowMs())] as const;
  const [administration, services, trusted, machine] = await Promise.all(asked);
  const dns = await examineDns({ wishes, description: administration.registrar?.description ?? null, budget });
  const given = [...new Set([...wishes.hosts, ...(wishes.hosts.length === 0 && local !== undefined ? [local.run.url] : [])])];
  const hosts = await examineHosts({ given, dns, local, options, trusted, budget, clock });
  const registrar = administration.registrar === null ? nothing : judgeRegistrar(administration.registrar);
  return { ...allOf([dns, hosts, registrar, judgeServices(services.parts, administration.positions), machine]), skipped: [dns, hosts, administration, services, machine].flatMap(({ skipped }) => skipped) };
};
