import { type DnsDescription, dnsDescriptionSchema, type DnsPlan, dnsPlanSchema, eventsPageSchema, hostDescriptionSchema, hostStatisticsSchema } from '@muster/contracts';
import type { HostAccess } from '../../access/host-access.js';
import { type Caller, callerOf } from '../../api/caller.js';
import { CliFailure } from '../../failure/cli-failure.js';
import type { PositionFacts, RegistrarFacts } from '../facts.js';
import type { Skipped } from '../report.js';
import { OutOfTime, PLAN_MS, SERVICE_MS, type TimeBudget } from './time-budget.js';

export interface Administration {
  /** Null when nobody who may know was asked. */
  readonly registrar: RegistrarFacts | null;
  readonly positions: readonly PositionFacts[];
  readonly skipped: readonly Skipped[];
}

interface Schema<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false };
}

/** The answer, or why there is none. */
type Asked<T> = { readonly answer: T } | { readonly failure: CliFailure };

type Ask = <T>(path: string, schema: Schema<T>, wishMs?: number) => Promise<Asked<T>>;

const asking =
  (caller: Caller, budget: TimeBudget): Ask =>
  async (path, schema, wishMs = SERVICE_MS) => {
    try {
      return { answer: await caller.json({ path, schema, timeoutMs: budget.grant(wishMs) }) };
    } catch (error) {
      if (error instanceof CliFailure) return { failure: error };
      if (error instanceof OutOfTime) return { failure: new CliFailure('unreachable', error.message) };
      throw error;
    }
  };

/** The gateway is there, and the registrar behind it is not. */
const isAway = ({ problem }: CliFailure): boolean => problem?.code === 'unavailable';

const askRegistrar = async (ask: Ask): Promise<{ readonly description: Asked<DnsDescription>; readonly plan: Asked<DnsPlan> | null }> => {
  const description = await ask('/v1/dns', dnsDescriptionSchema);
  return { description, plan: 'answer' in description ? await ask('/v1/dns/plan', dnsPlanSchema, PLAN_MS) : null };
};

const registrarOf = ({ description, plan }: Awaited<ReturnType<typeof askRegistrar>>): Pick<Administration, 'registrar' | 'skipped'> => {
  if ('failure' in description) {
    const { failure } = description;
    if (isAway(failure)) return { registrar: { description: null, detail: failure.message, plan: null }, skipped: [] };
    return { registrar: null, skipped: [{ area: 'registrar', subject: 'registrar', reason: failure.message }] };
  }
  const skipped: readonly Skipped[] = plan !== null && 'failure' in plan ? [{ area: 'registrar', subject: 'plan', reason: plan.failure.message }] : [];
  return { registrar: { description: description.answer, detail: '', plan: plan !== null && 'answer' in plan ? plan.answer : null }, skipped };
};

/** The head is read first: whoever then is before it lags, however fast the ledger grows meanwhile. */
const askPositions = async (ask: Ask): Promise<Pick<Administration, 'positions' | 'skipped'>> => {
  const page = await ask('/v1/events?after=0&limit=1', eventsPageSchema);
  if ('failure' in page) return { positions: [], skipped: [{ area: 'services', subject: 'positions', reason: page.failure.message }] };
  const { head } = page.answer;
  const [counting, renewal, registrar] = await Promise.all([ask('/v1/host', hostDescriptionSchema), ask('/v1/statistics', hostStatisticsSchema), ask('/v1/dns', dnsDescriptionSchema)]);
  const asked = [
    { service: 'counting', found: 'answer' in counting ? counting.answer.head : counting.failure },
    { service: 'lease-renewal', found: 'answer' in renewal ? renewal.answer.position : renewal.failure },
    { service: 'dns-registrar', found: 'answer' in registrar ? registrar.answer.position : registrar.failure },
  ];
  return {
    positions: asked.flatMap(({ service, found }) => (typeof found === 'number' ? [{ service, position: found, head }] : [])),
    skipped: asked.flatMap(({ service, found }) => (typeof found === 'number' ? [] : [{ area: 'services' as const, subject: `${service}, position`, reason: found.message }])),
  };
};

/** What a host tells its administrators of DNS, and of how far its services are. */
export const askAdministration = async (access: HostAccess, budget: TimeBudget): Promise<Administration> => {
  const ask = asking(callerOf(access), budget);
  const [registrar, positions] = await Promise.all([askRegistrar(ask).then(registrarOf), askPositions(ask)]);
  return { ...registrar, positions: positions.positions, skipped: [...registrar.skipped, ...positions.skipped] };
};
