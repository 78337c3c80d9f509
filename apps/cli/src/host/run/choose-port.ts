import { freePort, isPortFree } from '@muster/devstack';
import { CliFailure } from '../../failure/cli-failure.js';

/** On a telephone's keypad: M-U-S-T. */
export const DEFAULT_PORT = 6878;

/** Enough for several hosts on one machine; further away nobody would look. */
const NEXT_PORTS_MAX = 20;

export interface ChosenPort {
  readonly port: number;
  /** Why it is not the default one; to be said. */
  readonly note?: string;
}

/**
 * The port for the gateway: the one asked for (0: any free one), else the default, else the next free one after it.
 *
 * @throws CliFailure `conflict` when the one asked for is taken
 */
export const choosePort = async (asked: number | undefined, usual = DEFAULT_PORT): Promise<ChosenPort> => {
  if (asked === 0) return { port: await freePort() };
  if (asked !== undefined) {
    if (await isPortFree(asked)) return { port: asked };
    throw new CliFailure('conflict', `Port ${asked} of 127.0.0.1 is taken by another process.`, { remedy: 'Give another --port, or none: then the next free one is taken.' });
  }
  for (let port = usual; port <= usual + NEXT_PORTS_MAX; port += 1) {
    if (!(await isPortFree(port))) continue;
    return port === usual ? { port } : { port, note: `Port ${usual} is taken by another process; using ${port} instead.` };
  }
  throw new CliFailure('conflict', `Ports ${usual} to ${usual + NEXT_PORTS_MAX} of 127.0.0.1 are all taken.`, { remedy: 'Give a free one with --port.' });
};
