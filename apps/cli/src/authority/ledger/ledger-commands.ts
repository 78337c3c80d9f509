import type { CloudEvent } from '@muster/contracts';
import { EVENTS_PAGE_MAX } from '@muster/contracts';
import { endWithReader } from '../../events/end-with-reader.js';
import { eventLine } from '../../events/event-line.js';
import type { FilterOptions } from '../../events/list.js';
import { filterOf } from '../../events/list.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import { timeStepLine } from '../../host/time-step/time-step-line.js';
import type { Terminal } from '../../terminal/terminal.js';
import { authorityApi } from '../access/authority-api.js';
import type { AuthorityOptions } from '../access/find-authority.js';
import { findAuthority } from '../access/find-authority.js';

export interface ListOptions extends AuthorityOptions, FilterOptions {
  readonly after: number;
  readonly limit: number;
}

/** Prints the events of the authority's ledger in order. */
export const listAuthorityEvents = async (options: ListOptions, terminal: Terminal): Promise<ExitCode> => {
  endWithReader();
  const filter = filterOf(options);
  const api = authorityApi(findAuthority(options));
  const listed: CloudEvent[] = [];
  let after = options.after;
  for (let left = options.limit; left > 0; ) {
    const limit = Math.min(left, EVENTS_PAGE_MAX);
    const { events } = await api.events({ after: String(after), limit: String(limit), ...filter });
    if (terminal.json) listed.push(...events);
    else for (const event of events) terminal.data(eventLine(event));
    left -= events.length;
    after = events.at(-1)?.position ?? after;
    if (events.length < limit) break;
  }
  if (terminal.json) terminal.data(JSON.stringify(listed, undefined, 2));
  return exitCodes.ok;
};

/** Has the authority accept that its clock is far ahead of its ledger, as after a quiet month. */
export const acceptAuthorityTime = async (options: AuthorityOptions, terminal: Terminal): Promise<ExitCode> => {
  const answer = await authorityApi(findAuthority(options)).acceptTimeStep();
  terminal.data(terminal.json ? JSON.stringify(answer) : timeStepLine(answer));
  return exitCodes.ok;
};
