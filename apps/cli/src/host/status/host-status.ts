import type { HostDescription, HostStatistics, PoolsAnswer } from '@muster/contracts';
import { trustOf } from '../../access/find-host.js';
import type { HostAccess } from '../../access/host-access.js';
import { hostApi } from '../../api/host-api.js';
import { readReadiness } from '../../api/readiness.js';
import type { RunFile, RunningPart } from '../../data-dir/run-file.js';
import { isAlive } from '../../data-dir/run-file.js';
import { CliFailure } from '../../failure/cli-failure.js';

export interface PartStatus extends RunningPart {
  readonly state: 'ready' | 'running' | 'not ready' | 'gone';
  /** What a service has to say besides. */
  readonly remarks: readonly string[];
}

/** All that `muster host status` shows; its JSON is this object. */
export interface HostStatus {
  readonly url: string;
  readonly ready: boolean;
  /** Null while the part that would know is away; see `problem`. */
  readonly host: HostDescription | null;
  readonly pools: PoolsAnswer['pools'];
  /** Where the gateway listens, and what became of all requests on record. Null as `host` is, and of a host that is not activated. */
  readonly statistics: HostStatistics | null;
  /** Why the above is not known. */
  readonly problem?: string;
  /** Only of a host on this machine. */
  readonly parts: readonly PartStatus[];
  readonly dataDir?: string;
}

const askPart = async (part: RunningPart, run: RunFile): Promise<PartStatus> => {
  if (!isAlive(part.pid)) return { ...part, state: 'gone', remarks: [] };
  if (part.kind === 'postgres' || part.kind === 'nats') return { ...part, state: 'running', remarks: [] };
  const { ready, remarks } = part.kind === 'gateway' ? await readReadiness(run.url, trustOf(run)) : await readReadiness(`http://127.0.0.1:${part.port}`);
  return { ...part, state: ready ? 'ready' : 'not ready', remarks };
};

const partsOf = ({ local }: HostAccess) => (local === undefined ? [] : local.run.parts.map((part) => ({ part, run: local.run })));

/** A part that is away is what a status is for, so it does not end the command while there is something else to show. */
const unlessAway = async <T>(asked: Promise<T>): Promise<T | CliFailure> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CliFailure && error.reason === 'unreachable') return error;
    throw error;
  }
};

/** @throws CliFailure `unreachable` when nothing answers and there is no local part to ask either */
export const readHostStatus = async (access: HostAccess): Promise<HostStatus> => {
  const api = hostApi(access);
  const [description, { ready }] = await Promise.all([unlessAway(api.describe()), api.readiness()]);
  if (description instanceof CliFailure && access.local === undefined) throw description;
  const activated = !(description instanceof CliFailure) && description.status !== 'not-activated';
  const [answer, statistics] = activated ? await Promise.all([unlessAway(api.pools()), unlessAway(api.statistics())]) : [{ pools: [] }, null];
  const parts = await Promise.all(partsOf(access).map(({ part, run }) => askPart(part, run)));
  const failure = [description, answer, statistics].find((each) => each instanceof CliFailure);
  return {
    url: access.url,
    // A gateway can be ready while a service behind it is not; of a host elsewhere only the gateway can be asked.
    ready: ready && failure === undefined && parts.every(({ state }) => state === 'ready' || state === 'running'),
    host: description instanceof CliFailure ? null : description,
    pools: answer instanceof CliFailure ? [] : answer.pools,
    statistics: statistics instanceof CliFailure ? null : statistics,
    ...(failure === undefined ? {} : { problem: failure.message }),
    parts,
    ...(access.local === undefined ? {} : { dataDir: access.local.dataDir }),
  };
};
