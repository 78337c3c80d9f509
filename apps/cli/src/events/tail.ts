import { setTimeout as delay } from 'node:timers/promises';
import { EVENTS_PAGE_MAX } from '@muster/contracts';
import { findHost } from '../access/find-host.js';
import type { AccessOptions } from '../access/host-access.js';
import { hostApi, type HostApi } from '../api/host-api.js';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { endWithReader } from './end-with-reader.js';
import { eventLine } from './event-line.js';
import type { FilterOptions } from './list.js';
import { filterOf } from './list.js';

export interface TailOptions extends AccessOptions, FilterOptions {
  /** Start after this position; with what comes from now on unless given. */
  readonly after?: number;
}

/** Soon enough for a person, and a light load for a host. */
const POLL_MS = 500;
const POLL_AWAY_MS = 2_000;

const headOf = async (api: HostApi): Promise<number> => (await api.describe()).head;

/** Prints events as they are recorded, until Ctrl-C; a host that goes away is waited for. */
export const tailEvents = async (options: TailOptions, terminal: Terminal): Promise<ExitCode> => {
  endWithReader();
  const filter = filterOf(options);
  const api = hostApi(findHost(options));
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  let after = options.after ?? (await headOf(api));
  let away = false;
  const poll = async (): Promise<number> => {
    const { events, next } = await api.events({ after, limit: EVENTS_PAGE_MAX, ...filter });
    for (const event of events) terminal.data(terminal.json ? JSON.stringify(event) : eventLine(event));
    after = events.at(-1)?.position ?? after;
    if (away) terminal.note('The host answers again.');
    away = false;
    return events.length === EVENTS_PAGE_MAX || next !== undefined ? 0 : POLL_MS;
  };
  while (!stopping.signal.aborted) {
    let waitMs = POLL_AWAY_MS;
    try {
      waitMs = await poll();
    } catch (error) {
      if (!(error instanceof CliFailure) || error.reason !== 'unreachable') throw error;
      if (!away) terminal.note(`${error.message} Waiting for it.`);
      away = true;
    }
    await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
  return exitCodes.interrupted;
};
