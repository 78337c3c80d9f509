import type { PoolsAnswer } from '@muster/contracts';
import { findHost, findLocalHost } from '../access/find-host.js';
import type { AccessOptions, LocalHost } from '../access/host-access.js';
import { hostApi } from '../api/host-api.js';
import type { RunFile } from '../data-dir/run-file.js';
import { SERVER, WORKSTATION } from './demo-story.js';

type Pools = PoolsAnswer['pools'];

/** Where the story is told: on the host that runs here, or on one of the demonstration's own, and why. */
export type Stage = { readonly kind: 'running'; readonly local: LocalHost } | { readonly kind: 'own'; readonly because: string };

/** Why the story cannot be told on these pools; undefined when it can: the development products, and nobody counted yet. */
export const obstacleIn = (pools: Pools): string | undefined => {
  for (const { product, threshold } of [SERVER, WORKSTATION]) {
    const pool = pools.find(({ products }) => products.some(({ name }) => name === product));
    if (pool?.products.find(({ name }) => name === product)?.threshold !== threshold) return `does not sell ${product} from ${threshold} machines on`;
    if (pool.countVirtualMachines) return 'counts virtual machines';
    if (pool.countOnlyEnrolled === true) return 'counts only enrolled machines';
    if (pool.physical + pool.virtual > 0) return `counts machines already (${pool.physical} physical, ${pool.virtual} virtual)`;
  }
  return undefined;
};

/** A host on servers of somebody else's cannot be killed as a whole, nor started again without knowing their addresses. */
const bringsItsServers = ({ parts }: RunFile): boolean => (['postgres', 'nats'] as const).every((kind) => parts.some((part) => part.kind === kind));

export const chooseStage = async (options: AccessOptions): Promise<Stage> => {
  const local = findLocalHost(options);
  if (local === undefined) return { kind: 'own', because: 'No host runs here' };
  const obstacle = !bringsItsServers(local.run) ? 'uses servers that are not its own' : obstacleIn((await hostApi(findHost({ ...options, host: local.run.url })).pools()).pools);
  return obstacle === undefined ? { kind: 'running', local } : { kind: 'own', because: `The host that runs here (${local.run.url}) ${obstacle}, and the story starts from nothing` };
};
