import type { EndpointScheme, EventOf } from '@muster/contracts';
import { claimNameOf, endpointIdOf, parseClaim, parseEndpointText } from '@muster/contracts';
import type { DomainPlan, PlannedWrite, WantedDomain } from './dns.plan.js';
import type { DnsDomainPolicy } from './dns.policy.js';
import type { LiveDomain, PlainRecord, SrvRecordData } from './dns.records.js';
import type { DnsState, PublishedRecord } from './dns.state.js';
import { publishedKey } from './dns.state.js';
import { addressOf, labelOf, plainName } from './names.js';
import { holderOf } from './ownership.rule.js';
import { reasonOf } from './plan-write.rule.js';
import { recordKey } from './stands.js';

export type RecordEvent = EventOf<'ServiceRecordPublished' | 'ServiceRecordWithdrawn'>;

interface Observed {
  /** What a query after the write found. */
  readonly live: LiveDomain;
  readonly state: DnsState;
  readonly policy: DnsDomainPolicy;
  /** Address and port of the server that was asked. */
  readonly server: string;
  readonly serial: number | null;
}

type Srv = PlainRecord & { readonly data: SrvRecordData };

const isSrv = (record: PlainRecord): record is Srv => record.data.type === 'SRV';

const leadsTo = (record: PlainRecord, endpoint: string): boolean => {
  const address = addressOf(record);
  return address !== undefined && endpointIdOf(address) === endpoint;
};

const claimOf = (record: PlainRecord, domain: string): string | undefined => {
  const [address, label] = [addressOf(record), labelOf(plainName(record.name), domain)];
  return address === undefined || label === undefined ? undefined : claimNameOf(label, address, domain);
};

/** The scheme in the text beside it; as announced while there is none. */
const schemeBeside = ({ name }: Srv, endpoint: string, { live, state }: Observed): EndpointScheme => {
  const text = live.records.find((record) => record.data.type === 'TXT' && plainName(record.name) === plainName(name) && leadsTo(record, endpoint));
  const said = text?.data.type === 'TXT' ? parseEndpointText(text.data.strings)?.scheme : undefined;
  return said ?? state.endpoints.get(endpoint)?.facts.scheme ?? 'https';
};

const sameRecord = (one: PublishedRecord | undefined, other: Pick<PublishedRecord, 'priority' | 'weight' | 'ttlSeconds' | 'scheme'>): boolean =>
  one !== undefined && one.priority === other.priority && one.weight === other.weight && one.ttlSeconds === other.ttlSeconds && one.scheme === other.scheme;

interface Change {
  readonly endpoint: string;
  readonly epoch: number;
  readonly rcode: string;
}

const published = (record: Srv, { endpoint, epoch, rcode }: Change, observed: Observed): readonly RecordEvent[] => {
  const { state, policy, server, serial } = observed;
  const name = plainName(record.name);
  const { priority, weight } = record.data;
  const facts = { priority, weight, ttlSeconds: record.ttlSeconds, scheme: schemeBeside(record, endpoint, observed) };
  if (sameRecord(state.published.get(publishedKey({ name, endpoint })), facts)) return [];
  return [{ type: 'ServiceRecordPublished', data: { endpoint, domain: policy.domain, name, epoch, server, rcode, serial, ...facts } }];
};

/** One for each name: of two under one name, the one that was to stand there. */
const onePerName = (records: readonly Srv[], wanted: readonly PlainRecord[]): readonly Srv[] => {
  const keys = new Set(wanted.map(recordKey));
  const byName = new Map<string, Srv>();
  for (const record of records) if (!byName.has(plainName(record.name)) || keys.has(recordKey(record))) byName.set(plainName(record.name), record);
  return [...byName.values()];
};

/** What a write changed by the word of a query after it, where the ledger says otherwise. */
export const recordsOf = ({ write, rcode, ...observed }: Observed & { readonly write: PlannedWrite; readonly rcode: string }): readonly RecordEvent[] => {
  const { live, state, policy, server, serial } = observed;
  const { endpoint, domain, claim, epoch, reason, action } = write;
  const standing = live.records.filter(isSrv).filter((record) => claimOf(record, domain) === claim.name);
  const standsAt = new Set(standing.map(({ name }) => plainName(name)));
  const deployment = claim.after === null ? undefined : parseClaim(claim.after)?.deployment;
  const holder = deployment === undefined ? undefined : holderOf(live.claims.get(claim.name) ?? [], deployment);
  // A server that has an older zone, and handed the write on to another one, says nothing of it.
  if (holder?.kind === 'ours' && holder.claim.epoch < epoch) return [];
  const isOurs = holder?.kind === 'ours';
  const goes = action === 'withdraw' || action === 'scavenge';
  const added = isOurs && !goes ? onePerName(standing, write.add).flatMap((record) => published(record, { endpoint, epoch, rcode }, observed)) : [];
  const leaves = goes ? undefined : new Set(write.remove.map(({ name }) => plainName(name)));
  const gone = [...state.published.values()].filter((record) => record.domain === policy.domain && claimNameAt(record, state) === claim.name && !standsAt.has(record.name) && (leaves?.has(record.name) ?? true));
  return [...added, ...gone.map(({ name }): RecordEvent => ({ type: 'ServiceRecordWithdrawn', data: { endpoint, domain, name, epoch, server, rcode, serial, reason } }))];
};

const claimNameAt = ({ endpoint, name, domain }: PublishedRecord, { endpoints }: DnsState): string | undefined => {
  const [facts, label] = [endpoints.get(endpoint)?.facts, labelOf(name, domain)];
  return facts === undefined || label === undefined ? undefined : claimNameOf(label, facts, domain);
};

const DONE = 'NOERROR';

type Settled = Observed & { readonly plan: DomainPlan; readonly wanted: WantedDomain; readonly deployment: string };

/** What stands there as wanted, or is gone as wanted, without the ledger knowing: a registrar stopped between its write and the record of it. */
export const unrecordedOf = ({ plan, wanted, deployment, ...observed }: Settled): readonly RecordEvent[] => {
  const { live, state, policy, server, serial } = observed;
  const { domain } = policy;
  const open = new Set(plan.writes.map(({ claim }) => claim.name));
  const settledEpoch = (claimName: string | undefined): number | undefined => {
    const claims = claimName === undefined || open.has(claimName) ? undefined : live.claims.get(claimName);
    const holder = holderOf(claims ?? [], deployment);
    return holder.kind === 'ours' ? holder.claim.epoch : undefined;
  };
  const wantedKeys = new Set([...wanted.byEndpoint.values()].flat().map(recordKey));
  const standing = live.records.filter(isSrv);
  // A claim from before what is recorded: the server has an older zone than the one that showed it.
  const isOlder = (epoch: number, known: PublishedRecord | undefined): boolean => known !== undefined && epoch < known.epoch;
  const unsaid = standing.filter((record) => wantedKeys.has(recordKey(record))).flatMap((record) => {
    const [epoch, address] = [settledEpoch(claimOf(record, domain)), addressOf(record)];
    if (epoch === undefined || address === undefined) return [];
    const endpoint = endpointIdOf(address);
    return isOlder(epoch, state.published.get(publishedKey({ name: plainName(record.name), endpoint }))) ? [] : published(record, { endpoint, epoch, rcode: DONE }, observed);
  });
  const gone = [...state.published.values()].flatMap((record): readonly RecordEvent[] => {
    const { endpoint, name } = record;
    if (record.domain !== domain || standing.some((live) => plainName(live.name) === name && leadsTo(live, endpoint))) return [];
    const epoch = settledEpoch(claimNameAt(record, state));
    if (epoch === undefined || isOlder(epoch, record) || wanted.byEndpoint.get(endpoint)?.some((one) => one.name === name) === true) return [];
    return [{ type: 'ServiceRecordWithdrawn', data: { endpoint, domain, name, epoch, server, rcode: DONE, serial, reason: reasonOf(endpoint, { state, wanted }) } }];
  });
  return [...unsaid, ...gone];
};
