import { debianBinary } from '../debian/debian-binary.js';
import type { Log } from '../log.js';

/**
 * Finds nats-server: on PATH or in the standard places, else Debian's package unpacked into the cache without root.
 * Rejects with the remedies when there is none.
 */
export async function findNatsServer(options: { readonly cacheDir?: string; readonly log?: Log } = {}): Promise<string> {
  try {
    const { path } = await debianBinary({ package: 'nats-server', binary: 'nats-server', ...options });
    return path;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason} (nats-server 2.9 or later; https://nats.io/download), or set MUSTER_NATS_URL to a running one`, { cause: error });
  }
}
