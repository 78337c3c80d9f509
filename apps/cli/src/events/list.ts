import type { CloudEvent } from '@muster/contracts';
import { EVENTS_PAGE_MAX, isEventType, thumbprint } from '@muster/contracts';
import { findHost } from '../access/find-host.js';
import type { AccessOptions } from '../access/host-access.js';
import { hostApi } from '../api/host-api.js';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { endWithReader } from './end-with-reader.js';
import { eventLine } from './event-line.js';

export interface FilterOptions {
  readonly type?: string;
  readonly machine?: string;
}

export interface ListOptions extends AccessOptions, FilterOptions {
  readonly after: number;
  readonly limit: number;
}

/** What the host filters by. @throws CliFailure `usage` */
export const filterOf = ({ type, machine }: FilterOptions): FilterOptions => {
  if (type !== undefined && !isEventType(type)) throw new CliFailure('usage', `${type} is not a type of event; ActivationGranted is one.`);
  if (machine !== undefined && !thumbprint.safeParse(machine).success) throw new CliFailure('usage', `${machine} is not the id of a machine (43 characters of base64url).`);
  return { ...(type === undefined ? {} : { type }), ...(machine === undefined ? {} : { machine }) };
};

/** Prints events in order, as many as asked for, over as many pages as that takes. */
export const listEvents = async (options: ListOptions, terminal: Terminal): Promise<ExitCode> => {
  endWithReader();
  const filter = filterOf(options);
  const api = hostApi(findHost(options));
  const listed: CloudEvent[] = [];
  let after = options.after;
  let left = options.limit;
  for (;;) {
    const limit = Math.min(left, EVENTS_PAGE_MAX);
    const { events, next } = await api.events({ after, limit, ...filter });
    if (terminal.json) listed.push(...events);
    else for (const event of events) terminal.data(eventLine(event));
    left -= events.length;
    after = events.at(-1)?.position ?? after;
    if ((events.length < limit && next === undefined) || left <= 0) break;
  }
  if (terminal.json) terminal.data(JSON.stringify(listed, undefined, 2));
  return exitCodes.ok;
};
