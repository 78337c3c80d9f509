import type { DnsDescription, DnsPlan, DnsRecords } from '@muster/contracts';
import { dnsDescriptionSchema, dnsDomain, dnsPlanSchema, dnsRecordsSchema, subjects } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import type { HttpRequest } from '@muster/service';
import { Roles, traceOf } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { z } from 'zod';
import { DNS_TIMEOUT_MS } from '../dns-timeout.js';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';

/** As many as a message to the registrar takes. */
const DOMAINS_MAX = 100;

const domainsSchema = z
  .strictObject({ domain: z.union([dnsDomain, z.array(dnsDomain).max(DOMAINS_MAX)]).optional() })
  .transform(({ domain }) => (domain === undefined ? {} : { domains: [domain].flat() }));

type Domains = z.infer<typeof domainsSchema>;

const ApiDomains = (): MethodDecorator => ApiQuery({ name: 'domain', required: false, isArray: true, type: String, description: 'May be repeated; left out: all that are configured' });

@Controller('v1/dns')
export class DnsController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Get()
  @Roles('viewer')
  @ApiOperation({ summary: 'Describe the endpoints of the host and the domains that it is listed in' })
  @ApiOkResponse({ standardSchema: dnsDescriptionSchema })
  @ApiProblems('unavailable')
  describe(@Req() request: HttpRequest): Promise<DnsDescription> {
    return this.bus.request(subjects.dnsDescribe, {}, { schema: dnsDescriptionSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }

  @Get('records')
  @Roles('viewer')
  @ApiOperation({ summary: 'List the records that are to stand in DNS, exactly', description: 'Without a server for dynamic updates they are entered by hand.' })
  @ApiDomains()
  @ApiOkResponse({ standardSchema: dnsRecordsSchema })
  @ApiProblems('malformed-request', 'dns-domain-unknown', 'unavailable')
  records(@Query({ schema: domainsSchema }) domains: Domains, @Req() request: HttpRequest): Promise<DnsRecords> {
    return this.bus.request(subjects.dnsRecords, domains, { schema: dnsRecordsSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }

  @Get('plan')
  @Roles('viewer')
  @ApiOperation({ summary: 'Ask DNS now, and say how it differs from what is wanted and what would be changed', description: 'Changes nothing.' })
  @ApiDomains()
  @ApiOkResponse({ standardSchema: dnsPlanSchema })
  @ApiProblems('malformed-request', 'dns-domain-unknown', 'unavailable')
  plan(@Query({ schema: domainsSchema }) domains: Domains, @Req() request: HttpRequest): Promise<DnsPlan> {
    return this.bus.request(subjects.dnsPlan, domains, { schema: dnsPlanSchema, timeoutMs: DNS_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }
}
