import { systemDraws, type Draws } from '@muster/kernel';
import { isDnsFailure } from '../dns-failure.js';
import { RCODE } from '../message/codes.js';
import { query } from '../query.js';
import { exchange, type Way } from '../transport/exchange.js';
import { failureOfRcode } from '../transport/failure-of-rcode.js';
import { drawMessageId } from '../transport/message-id.js';
import { buildUpdate, type UpdateContent } from './build-update.js';

export interface UpdateOptions extends Way, UpdateContent {
  readonly draws?: Draws;
  /** Whether to ask for the zone's serial afterwards, within a `timeoutMs` of its own; false unless given. */
  readonly withSerial?: boolean;
}

export interface UpdateResult {
  readonly rcode: 'NOERROR';
  /** Whether the answer's signature was verified: always, when there is a key. */
  readonly signed: boolean;
  /** The zone's serial after the update (others may have moved it further); undefined when not asked for or not learned. */
  readonly serial: number | undefined;
}

/**
 * Sends one dynamic update (RFC 2136), once, and answers when the server says that it is done; all of it is, or the call throws.
 * Throws `DnsFailure`. With `outcomeUnknown` the change may have been made: only a query tells. Whoever captured a signed update can send it again
 * for five minutes, so an update that must not come back needs a prerequisite that its own effect makes false.
 */
export async function update(options: UpdateOptions): Promise<UpdateResult> {
  const { zone, prerequisites = [], changes, draws = systemDraws, withSerial = false, ...way } = options;
  const answer = await exchange({ ...way, message: buildUpdate({ id: drawMessageId(draws), zone, prerequisites, changes }) });
  if (answer.message.header.rcode !== RCODE.NOERROR) throw failureOfRcode(answer, prerequisites);
  return { rcode: 'NOERROR', signed: answer.signed, serial: withSerial ? await serialOf({ ...way, zone, draws }) : undefined };
}

/** The update is done: not knowing the serial must not look like a failed update. */
async function serialOf({ zone, ...options }: Way & { readonly zone: string; readonly draws: Draws }): Promise<number | undefined> {
  try {
    const { records } = await query({ ...options, name: zone, type: 'SOA', recursive: false });
    return records[0]?.data.serial;
  } catch (error) {
    if (isDnsFailure(error)) return undefined;
    throw error;
  }
}
