import { z } from 'zod';
import { dnsDomain, dnsSite, dnsTarget, endpointId } from '../dns/dns-names.js';
import { endpointSchemes } from '../dns/dns-texts.js';
import { instant } from '../formats.js';

/** 16 bits, as SRV has them (RFC 2782). */
const uint16 = z.int().min(0).max(65_535);

/** More sites or domains than one endpoint serves. */
const SITES_MAX = 100;
const DOMAINS_MAX = 100;

const domains = z.array(dnsDomain).max(DOMAINS_MAX).nullable().describe('null: every domain that the registrar is configured for');

/** What a gateway says of itself. */
export const endpointFacts = {
  endpoint: endpointId,
  target: dnsTarget,
  port: z.int().min(1).max(65_535),
  scheme: z.enum(endpointSchemes),
  sites: z.array(dnsSite).max(SITES_MAX).describe('the sites that it stands in'),
  domains,
  priority: uint16,
  weight: uint16,
};

/** A gateway can be reached there: heard for the first time, or with other facts than before. */
export const endpointAnnouncedV1 = z.strictObject(endpointFacts);

/** An administrator's word on an endpoint, which its own announcements do not change. Null: as it is announced. */
export const endpointConfiguredV1 = z.strictObject({ endpoint: endpointId, priority: uint16.nullable(), weight: uint16.nullable(), domains });

/** `stopped`: it said so; `unheard`: nothing was heard of it for too long. */
export const silenceCauses = ['stopped', 'unheard'] as const;

/** No heartbeat any more, since then: it is listed behind all others. */
export const endpointFellSilentV1 = z.strictObject({ endpoint: endpointId, cause: z.enum(silenceCauses), since: instant });

/** A heartbeat again: it is listed as before. */
export const endpointHeardAgainV1 = z.strictObject({ endpoint: endpointId });

/** It is not listed any more; after `command` until an administrator says otherwise, else until it is heard again. */
export const endpointWithdrawnV1 = z.strictObject({ endpoint: endpointId, cause: z.enum([...silenceCauses, 'command']) });

/** An administrator's withdrawal was taken back. */
export const endpointReadmittedV1 = z.strictObject({ endpoint: endpointId });

const change = {
  endpoint: endpointId,
  domain: dnsDomain,
  name: z.string().max(253).describe('of the SRV record'),
  epoch: z.int().positive().describe('of the claim that this change left behind'),
  server: z.string().max(64).describe('address and port of the server that made it'),
  rcode: z.string().max(16),
  serial: z.int().nonnegative().nullable().describe("the zone's, when it was asked right afterwards; null when it did not say"),
};

/** The endpoint's SRV record stands at this name: a query after the update showed it. */
export const serviceRecordPublishedV1 = z.strictObject({ ...change, priority: uint16, weight: uint16, ttlSeconds: z.int().nonnegative(), scheme: z.enum(endpointSchemes) });

/** No SRV record of the endpoint stands at this name: a query after the update showed none. */
export const serviceRecordWithdrawnV1 = z.strictObject({ ...change, reason: z.enum(['endpoint-withdrawn', 'host-retired', 'not-wanted', 'scavenged']) });

const owner = z.string().regex(/^[0-9a-f]{32}$/).nullable().describe('the deployment that claims the records; null when no claim that we know stands there');

/** Records of this very endpoint stand in the domain, and are not ours: they are left alone. */
export const dnsConflictDetectedV1 = z.strictObject({ endpoint: endpointId, domain: dnsDomain, owner, found: z.string().max(1024).describe('what stands there, for people') });

/** An administrator's word that what this owner left there may be replaced. */
export const dnsTakeOverOrderedV1 = z.strictObject({ endpoint: endpointId, domain: dnsDomain, owner });

export type EndpointFacts = Readonly<z.infer<typeof endpointAnnouncedV1>>;
export type SilenceCause = (typeof silenceCauses)[number];
export type ServiceRecordPublished = Readonly<z.infer<typeof serviceRecordPublishedV1>>;
export type ServiceRecordWithdrawn = Readonly<z.infer<typeof serviceRecordWithdrawnV1>>;
