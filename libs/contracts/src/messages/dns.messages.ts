import { z } from 'zod';
import { dnsDomain, dnsSite, endpointId, serviceLabel } from '../dns/dns-names.js';
import { endpointFacts, silenceCauses } from '../events/dns.events.js';
import { base64url32, compactJws, instant, position, uuid } from '../formats.js';

/** How often a gateway says that it is there. */
export const BEAT_SECONDS = 10;

/** `muster.v1.endpoint.beat`, a broadcast: the whole announcement each time, so that a lost one is made good by the next. */
export const endpointBeatSchema = z.strictObject({
  ...endpointFacts,
  instance: uuid.describe('of the gateway process: several may stand behind one address, and the greatest of them, which started last, is believed'),
  stopping: z.boolean().describe('the last one of a process that stops in order'),
});

/** Who orders it: a pseudonym. */
const actor = z.string().max(64);

/** The same for all hosts on one ledger: the first half of the leaf hash of its first event, in hexadecimal. */
const deployment = z.string().regex(/^[0-9a-f]{32}$/);

const domainsMeant = z.array(dnsDomain).max(100).optional().describe('left out: all that are configured');

/** A record as people and zone files write its data: `0 10 443 a.corp.example.`, `"v=muster1 …"`. */
const recordText = z.strictObject({ name: z.string(), type: z.enum(['SRV', 'TXT']), ttlSeconds: z.int().nonnegative(), data: z.string() });

const finding = z.strictObject({
  id: z.string().describe('stable: programs branch on it'),
  severity: z.enum(['info', 'warning', 'error']),
  detail: z.string(),
  remedy: z.string(),
});

const failure = z.strictObject({ kind: z.string().describe('a kind of `DnsFailure`'), detail: z.string(), server: z.string().nullable(), at: instant });

/** What stands in a domain and whose it is. */
const conflict = z.strictObject({ endpoint: endpointId, owner: deployment.nullable(), found: z.string(), since: instant.nullable() });

const endpointState = z.strictObject({
  ...endpointFacts,
  priority: z.int().describe('in effect, an administrator’s word and a demotion included'),
  weight: z.int(),
  standing: z.enum(['heard', 'silent', 'withdrawn']),
  cause: z.enum([...silenceCauses, 'command']).nullable(),
  since: instant,
  lastHeardAt: instant.nullable().describe('null: not since the registrar that answers was started'),
  published: z.array(z.strictObject({ domain: dnsDomain, name: z.string(), priority: z.int(), weight: z.int(), epoch: z.int(), at: instant })),
});

const serverState = z.strictObject({
  server: z.string(),
  standing: z.enum(['not-asked', 'up', 'failing']),
  lastSuccessAt: instant.nullable(),
  clockAheadSeconds: z.int().nullable().describe("the registrar's clock before the server's, by the last signed answer; null: none was signed"),
  failure: failure.nullable(),
  retryAt: instant.nullable(),
});

/** `muster.v1.dns.describe` and `GET /v1/dns` */
export const describeDnsSchema = z.strictObject({});
export const dnsDescriptionSchema = z.strictObject({
  position,
  deployment: deployment.nullable().describe('null while the ledger is empty'),
  serving: z.boolean().describe('whether the host is activated and not retired: only then are its endpoints listed'),
  label: serviceLabel,
  endpoints: z.array(endpointState),
  domains: z.array(
    z.strictObject({
      domain: dnsDomain,
      zone: dnsDomain,
      ttlSeconds: z.int(),
      sites: z.array(dnsSite),
      servers: z.array(serverState).describe('empty: there is no dynamic DNS, records are entered by hand'),
      key: z.string().nullable().describe('name of the TSIG key'),
      failure: failure.nullable().describe('why no server can be asked at all: the key cannot be used'),
      reconciledAt: instant.nullable(),
      conflicts: z.array(conflict),
    }),
  ),
});

/** `muster.v1.dns.records` and `GET /v1/dns/records`: what is to stand in DNS, exactly. */
export const listDnsRecordsSchema = z.strictObject({ domains: domainsMeant });
export const dnsRecordsSchema = z.strictObject({ position, records: z.array(z.strictObject({ ...recordText.shape, domain: dnsDomain, zone: dnsDomain, endpoint: endpointId })) });

const plannedChange = z.strictObject({
  endpoint: endpointId,
  action: z.enum(['publish', 'update', 'withdraw', 'refresh', 'scavenge']),
  add: z.array(recordText),
  remove: z.array(recordText),
  epoch: z.int().positive(),
});

/** How DNS differs from what is wanted. `foreign`: at our names, and not ours. `scheme`: the SRV record has no TXT record beside it that says its scheme. */
const difference = z.strictObject({
  kind: z.enum(['missing', 'different', 'stale', 'foreign', 'ttl', 'scheme']),
  name: z.string(),
  endpoint: endpointId.nullable(),
  wanted: z.string().nullable(),
  found: z.string().nullable(),
});

/** `muster.v1.dns.plan` and `GET /v1/dns/plan`: asks DNS now, and changes nothing. */
export const planDnsSchema = z.strictObject({ domains: domainsMeant });
export const dnsPlanSchema = z.strictObject({
  position,
  domains: z.array(
    z.strictObject({
      domain: dnsDomain,
      zone: dnsDomain,
      server: z.string().nullable().describe('who was asked; null: nobody answered'),
      changes: z.array(plannedChange).describe('empty where there is no dynamic DNS'),
      differences: z.array(difference),
      conflicts: z.array(conflict),
      findings: z.array(finding),
      refused: z.string().nullable().describe('why the changes will not be made without an administrator’s word'),
      failure: failure.nullable(),
    }),
  ),
});

/** `muster.v1.dns.apply` and `POST /v1/dns/applications` */
export const dnsApplicationOrderSchema = z.strictObject({ domains: domainsMeant, deleteShareMax: z.number().min(0).max(1).optional().describe('for this once, in place of the configured one') });
export const applyDnsSchema = z.strictObject({ ...dnsApplicationOrderSchema.shape, actor });
const madeChange = z.strictObject({
  endpoint: endpointId,
  action: plannedChange.shape.action,
  outcome: z.enum(['done', 'failed', 'not-needed']),
  server: z.string().nullable(),
  rcode: z.string().nullable(),
  serial: z.int().nullable(),
  detail: z.string().nullable(),
});
export const dnsAppliedSchema = z.strictObject({
  position,
  domains: z.array(z.strictObject({ domain: dnsDomain, changes: z.array(madeChange), conflicts: z.array(conflict), refused: z.string().nullable(), failure: failure.nullable() })),
});

const srvNumber = endpointFacts.priority;

/** `muster.v1.dns.order` and the bodies of `POST /v1/dns/publications`, `…/withdrawals`, `PUT /v1/dns/preferences`: recorded, then applied. `endpoint` may be left out where there is one. */
export const dnsEndpointOrderSchema = z.strictObject({ endpoint: endpointId.optional() });
export const dnsPreferenceOrderSchema = z.strictObject({
  endpoint: endpointId.optional(),
  priority: srvNumber.nullable().optional().describe('null: as announced; left out: as it is'),
  weight: srvNumber.nullable().optional(),
  domains: endpointFacts.domains.optional(),
});
export const orderDnsSchema = z.discriminatedUnion('order', [
  z.strictObject({ order: z.literal('publish'), ...dnsEndpointOrderSchema.shape, actor }),
  z.strictObject({ order: z.literal('withdraw'), ...dnsEndpointOrderSchema.shape, actor }),
  z.strictObject({ order: z.literal('prefer'), ...dnsPreferenceOrderSchema.shape, actor }),
]);
/** The record is in the ledger; DNS follows within seconds, or as soon as it can be reached. */
export const dnsOrderedSchema = z.strictObject({ recorded: z.boolean(), position, endpoint: endpointId });

/** `muster.v1.dns.take-over` and `POST /v1/dns/take-overs` */
export const dnsTakeOverOrderSchema = z.strictObject({ endpoint: endpointId.optional(), domain: dnsDomain });
export const takeOverDnsSchema = z.strictObject({ ...dnsTakeOverOrderSchema.shape, actor });
export const dnsTakenOverSchema = z.strictObject({ recorded: z.boolean(), position, endpoint: endpointId, domain: dnsDomain, owner: deployment.nullable() });

/** `muster.v1.dns.scavenge` and `POST /v1/dns/scavenges`: records of this deployment that nothing wants any more and whose claim nobody renewed for two windows. */
export const dnsScavengeOrderSchema = z.strictObject({ dryRun: z.boolean() });
export const scavengeDnsSchema = z.strictObject({ ...dnsScavengeOrderSchema.shape, actor });
export const dnsScavengedSchema = z.strictObject({
  position,
  orphans: z.array(
    z.strictObject({
      domain: dnsDomain,
      endpoint: endpointId,
      records: z.array(recordText),
      renewedAt: instant.describe('when its claim was last renewed'),
      dueAt: instant.describe('two windows later'),
      outcome: z.enum(['waits', 'would-go', 'gone', 'failed']),
      detail: z.string().nullable(),
    }),
  ),
  failures: z.array(z.strictObject({ domain: dnsDomain, failure })),
});

/** `muster.v1.host.prove` and `POST /v1/host-proofs`: shows that whoever answers there holds the key of a certified host. */
export const hostProofRequestSchema = z.strictObject({ nonce: base64url32 });
export const hostProofAnswerSchema = z.strictObject({ proof: compactJws });


export type EndpointBeat = Readonly<z.infer<typeof endpointBeatSchema>>;
export type DnsRecordText = Readonly<z.infer<typeof recordText>>;
export type DnsFinding = Readonly<z.infer<typeof finding>>;
export type DnsFailureReport = Readonly<z.infer<typeof failure>>;
export type DnsConflict = Readonly<z.infer<typeof conflict>>;
export type DnsDifference = Readonly<z.infer<typeof difference>>;
export type DnsDescription = Readonly<z.infer<typeof dnsDescriptionSchema>>;
export type ListDnsRecords = Readonly<z.infer<typeof listDnsRecordsSchema>>;
export type DnsRecords = Readonly<z.infer<typeof dnsRecordsSchema>>;
export type PlanDns = Readonly<z.infer<typeof planDnsSchema>>;
export type DnsPlan = Readonly<z.infer<typeof dnsPlanSchema>>;
export type DnsApplicationOrder = Readonly<z.infer<typeof dnsApplicationOrderSchema>>;
export type ApplyDns = Readonly<z.infer<typeof applyDnsSchema>>;
export type DnsApplied = Readonly<z.infer<typeof dnsAppliedSchema>>;
export type DnsEndpointOrder = Readonly<z.infer<typeof dnsEndpointOrderSchema>>;
export type DnsPreferenceOrder = Readonly<z.infer<typeof dnsPreferenceOrderSchema>>;
export type OrderDns = Readonly<z.infer<typeof orderDnsSchema>>;
export type DnsOrdered = Readonly<z.infer<typeof dnsOrderedSchema>>;
export type TakeOverDns = Readonly<z.infer<typeof takeOverDnsSchema>>;
export type DnsTakenOver = Readonly<z.infer<typeof dnsTakenOverSchema>>;
export type ScavengeDns = Readonly<z.infer<typeof scavengeDnsSchema>>;
export type DnsScavenged = Readonly<z.infer<typeof dnsScavengedSchema>>;
export type HostProofRequest = Readonly<z.infer<typeof hostProofRequestSchema>>;
export type HostProofAnswer = Readonly<z.infer<typeof hostProofAnswerSchema>>;
