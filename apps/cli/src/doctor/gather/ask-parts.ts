import { trustOf } from '../../access/find-host.js';
import type { LocalHost } from '../../access/host-access.js';
import { readReadiness } from '../../api/readiness.js';
import { isAlive, type RunningPart } from '../../data-dir/run-file.js';
import type { PartFacts } from '../facts.js';
import { READY_MS, type TimeBudget } from './time-budget.js';

/** They answer no HTTP; whether they work is what the services say. */
const WITHOUT_READINESS: readonly RunningPart['kind'][] = ['postgres', 'nats'];

const askPart = async (part: RunningPart, { run }: LocalHost): Promise<PartFacts> => {
  const { name, kind, pid, port } = part;
  const quiet = { name, remarks: [], down: [] };
  if (!isAlive(pid)) return { ...quiet, state: 'gone' };
  if (WITHOUT_READINESS.includes(kind)) return { ...quiet, state: 'running' };
  const { ready, remarks, down } = kind === 'gateway' ? await readReadiness(run.url, trustOf(run)) : await readReadiness(`http://127.0.0.1:${port}`);
  return { name, state: ready ? 'ready' : 'not-ready', remarks, down };
};

/** The parts of the host that runs here, each asked by itself. @throws OutOfTime */
export const askParts = async (local: LocalHost, budget: TimeBudget): Promise<readonly PartFacts[]> => {
  budget.grant(READY_MS); // as long as a question takes at most
  return Promise.all(local.run.parts.map((part) => askPart(part, local)));
};
