import { parseName } from '../bytes/name.js';
import { invalid } from '../dns-failure.js';
import { CLASS, OPCODE, TYPE } from '../message/codes.js';
import { requestHeader, type DnsMessage, type MessageRecord } from '../message/message.js';
import { typeCodeOf } from '../message/record-data.codec.js';
import type { Change, Prerequisite } from './prerequisite.js';

const TTL_SECONDS_MAX = 2 ** 31 - 1; // RFC 2181 section 8; more is read as 0

export interface UpdateContent {
  /** The zone's apex: a name below it gives `not-auth-zone`. */
  readonly zone: string;
  readonly prerequisites?: readonly Prerequisite[];
  readonly changes: readonly Change[];
}

/** The UPDATE message (RFC 2136) that checks all prerequisites, then makes all changes, or none of either; throws `invalid`. */
export function buildUpdate({ id, zone, prerequisites = [], changes }: UpdateContent & { readonly id: number }): DnsMessage {
  return {
    header: requestHeader({ id, opcode: OPCODE.UPDATE }),
    questions: [{ name: parseName(zone), typeCode: TYPE.SOA, classCode: CLASS.IN }],
    answers: prerequisites.flatMap(prerequisiteRecords),
    authorities: changes.map(changeRecord),
    additionals: [],
  };
}

function prerequisiteRecords(prerequisite: Prerequisite): readonly MessageRecord[] {
  const { kind, name } = prerequisite;
  switch (kind) {
    case 'name-in-use':
      return [{ name, typeCode: TYPE.ANY, classCode: CLASS.ANY, ttlSeconds: 0 }];
    case 'name-not-in-use':
      return [{ name, typeCode: TYPE.ANY, classCode: CLASS.NONE, ttlSeconds: 0 }];
    case 'set-exists':
      return [{ name, typeCode: TYPE[prerequisite.type], classCode: CLASS.ANY, ttlSeconds: 0 }];
    case 'set-absent':
      return [{ name, typeCode: TYPE[prerequisite.type], classCode: CLASS.NONE, ttlSeconds: 0 }];
    case 'set-equals':
      // Without a record it would check nothing: the opposite of what was asked.
      if (prerequisite.data.length === 0) throw invalid(`an empty set of ${name} is said by set-absent`);
      return prerequisite.data.map((data) => ({ name, typeCode: typeCodeOf(data), classCode: CLASS.IN, ttlSeconds: 0, data }));
    default:
      return kind satisfies never;
  }
}

function changeRecord(change: Change): MessageRecord {
  const { kind, name } = change;
  switch (kind) {
    case 'add':
      if (change.ttlSeconds > TTL_SECONDS_MAX) throw invalid(`ttlSeconds is at most ${TTL_SECONDS_MAX}`);
      return { name, typeCode: typeCodeOf(change.data), classCode: CLASS.IN, ttlSeconds: change.ttlSeconds, data: change.data };
    case 'remove-record':
      return { name, typeCode: typeCodeOf(change.data), classCode: CLASS.NONE, ttlSeconds: 0, data: change.data };
    case 'remove-set':
      return { name, typeCode: TYPE[change.type], classCode: CLASS.ANY, ttlSeconds: 0 };
    case 'remove-name':
      return { name, typeCode: TYPE.ANY, classCode: CLASS.ANY, ttlSeconds: 0 };
    default:
      return kind satisfies never;
  }
}
