import type { HostDescription, PoolsAnswer } from '@muster/contracts';
import type { HostAccess } from '../../access/host-access.js';
import { hostApi } from '../../api/host-api.js';
import { isReady } from '../../api/is-ready.js';
import type { RunningPart } from '../../data-dir/run-file.js';
import { isAlive } from '../../data-dir/run-file.js';

export interface PartStatus extends RunningPart {
  readonly state: 'ready' | 'running' | 'not ready' | 'gone';
}

/** All that `muster host status` shows; its JSON is this object. */
export interface HostStatus {
  readonly url: string;
  readonly ready: boolean;
  readonly host: HostDescription;
  readonly pools: PoolsAnswer['pools'];
  /** Only of a host on this machine. */
  readonly parts: readonly PartStatus[];
  readonly dataDir?: string;
}

const stateOf = async ({ kind, pid, port }: RunningPart): Promise<PartStatus['state']> => {
  if (!isAlive(pid)) return 'gone';
  if (kind === 'postgres' || kind === 'nats') return 'running';
  return (await isReady(`http://127.0.0.1:${port}`)) ? 'ready' : 'not ready';
};

export const readHostStatus = async (access: HostAccess): Promise<HostStatus> => {
  const api = hostApi(access);
  const [host, ready] = await Promise.all([api.describe(), api.ready()]);
  const pools = host.status === 'not-activated' ? [] : (await api.pools()).pools;
  const parts = await Promise.all((access.local?.run.parts ?? []).map(async (part) => ({ ...part, state: await stateOf(part) })));
  return { url: access.url, ready, host, pools, parts, ...(access.local === undefined ? {} : { dataDir: access.local.dataDir }) };
};
