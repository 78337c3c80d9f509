import { systemDraws, type Draws } from '@muster/kernel';
import { parseName, sameName } from './bytes/name.js';
import { CLASS, OPCODE, RCODE, TYPE } from './message/codes.js';
import { requestHeader, type MessageRecord } from './message/message.js';
import type { RecordData, RecordType, SoaData } from './message/record-data.js';
import { exchange, type Protocol, type Way } from './transport/exchange.js';
import { failureOfRcode } from './transport/failure-of-rcode.js';
import { drawMessageId } from './transport/message-id.js';

const ALIASES_MAX = 8; // longer chains are mistakes; resolvers stop at about as many

export interface QueryOptions extends Way {
  readonly name: string;
  readonly type: RecordType;
  /** Whether a resolver should find the answer elsewhere; true unless given. A zone's own server needs no such wish. */
  readonly recursive?: boolean;
  readonly draws?: Draws;
}

export interface FoundRecord<Data extends RecordData = RecordData> {
  readonly name: string;
  readonly ttlSeconds: number;
  readonly data: Data;
}

export type DataOf<Type extends RecordType> = Extract<RecordData, { readonly type: Type }>;

export interface QueryResult<Data extends RecordData = RecordData> {
  /** `no-name`: the name does not exist at all; `no-data`: it has no record of this type. */
  readonly status: 'found' | 'no-data' | 'no-name';
  /** Of the asked type, at the end of the aliases, in the server's order. Empty unless found. */
  readonly records: readonly FoundRecord<Data>[];
  /** The names that CNAMEs lead to, one after the other; empty when the name is no alias. */
  readonly aliases: readonly string[];
  /** How long an answer without records may be remembered (RFC 2308 section 5), when the server said. */
  readonly negativeTtlSeconds: number | undefined;
  /** From a server of the zone itself, not out of a cache. */
  readonly authoritative: boolean;
  readonly signed: boolean;
  /** The server's clock as it signed the answer; undefined when it did not. */
  readonly serverTimeMs: number | undefined;
  readonly protocol: Protocol;
}

/** Asks one server for the records of a name. Throws `DnsFailure`, also for every code but NOERROR and NXDOMAIN. */
export async function query<Type extends RecordType>(options: QueryOptions & { readonly type: Type }): Promise<QueryResult<DataOf<Type>>> {
  const { type, recursive = true, draws = systemDraws, ...way } = options;
  const name = parseName(options.name);
  const answer = await exchange({
    ...way,
    message: {
      header: requestHeader({ id: drawMessageId(draws), opcode: OPCODE.QUERY, recursionDesired: recursive }),
      questions: [{ name, typeCode: TYPE[type], classCode: CLASS.IN }],
      answers: [],
      authorities: [],
      additionals: [],
    },
  });
  const { header, answers, authorities } = answer.message;
  if (header.rcode !== RCODE.NOERROR && header.rcode !== RCODE.NXDOMAIN) throw failureOfRcode(answer);
  const aliases = type === 'CNAME' ? [] : aliasesOf(name, answers);
  const owner = aliases.at(-1) ?? name;
  const records = answers.flatMap((record) => (hasType(record, type) && sameName(record.name, owner) ? [{ name: record.name, ttlSeconds: record.ttlSeconds, data: record.data }] : []));
  const empty = header.rcode === RCODE.NXDOMAIN ? 'no-name' : 'no-data';
  return {
    status: records.length > 0 ? 'found' : empty,
    records,
    aliases,
    negativeTtlSeconds: records.length > 0 ? undefined : negativeTtlOf(authorities),
    authoritative: header.authoritative,
    signed: answer.signed,
    serverTimeMs: answer.serverTimeMs,
    protocol: answer.protocol,
  };
}

type TypedRecord<Data extends RecordData> = MessageRecord & { readonly data: Data };

const hasType = <Type extends RecordType>(record: MessageRecord, type: Type): record is TypedRecord<DataOf<Type>> =>
  record.classCode === CLASS.IN && record.data?.type === type;

function aliasesOf(name: string, answers: readonly MessageRecord[]): readonly string[] {
  const aliases: string[] = [];
  for (let owner = name; aliases.length < ALIASES_MAX; ) {
    const alias = answers.find((record): record is TypedRecord<DataOf<'CNAME'>> => hasType(record, 'CNAME') && sameName(record.name, owner));
    if (alias === undefined) break;
    owner = alias.data.target;
    aliases.push(owner);
  }
  return aliases;
}

function negativeTtlOf(authorities: readonly MessageRecord[]): number | undefined {
  const soa = authorities.find((record): record is TypedRecord<SoaData> => hasType(record, 'SOA'));
  return soa && Math.min(soa.ttlSeconds, soa.data.negativeSeconds);
}
