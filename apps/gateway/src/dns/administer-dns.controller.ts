import type { DnsApplied, DnsOrdered, DnsScavenged, DnsTakenOver, OrderDns } from '@muster/contracts';
import {
  dnsApplicationOrderSchema,
  dnsAppliedSchema,
  dnsEndpointOrderSchema,
  dnsOrderedSchema,
  dnsPreferenceOrderSchema,
  dnsScavengedSchema,
  dnsScavengeOrderSchema,
  dnsTakenOverSchema,
  dnsTakeOverOrderSchema,
  subjects,
} from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import { actorOf, type HttpRequest, jsonBodyOf, Roles, traceOf } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { Body, Controller, HttpCode, Inject, Post, Put, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { DECISION_TIMEOUT_MS } from '../decision-timeout.js';
import { DNS_TIMEOUT_MS } from '../dns-timeout.js';

/** What an operator orders: recorded at once, and DNS follows; or done in DNS before the answer. */
@Controller('v1/dns')
@Roles('operator')
export class AdministerDnsController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Post('applications')
  @HttpCode(200)
  @ApiOperation({ summary: 'Make the changes of the plan now', description: '`deleteShareMax` lets this one take more of what stands in DNS than the configured share.' })
  @ApiJsonBody(dnsApplicationOrderSchema)
  @ApiOkResponse({ standardSchema: dnsAppliedSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'dns-domain-unknown', 'dns-not-configured', 'unavailable', 'clock-skew', 'time-step')
  apply(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<DnsApplied> {
    const order = { ...jsonBodyOf(body, request, dnsApplicationOrderSchema), actor: actorOf(request) };
    return this.bus.request(subjects.dnsApply, order, { schema: dnsAppliedSchema, ...within(DNS_TIMEOUT_MS, request) });
  }

  @Post('publications')
  @HttpCode(200)
  @ApiOperation({ summary: 'List an endpoint again that was withdrawn by order' })
  @ApiJsonBody(dnsEndpointOrderSchema)
  @ApiOkResponse({ standardSchema: dnsOrderedSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'endpoint-unknown', 'endpoint-ambiguous', 'unavailable', 'clock-skew', 'time-step')
  publish(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<DnsOrdered> {
    return this.order({ order: 'publish', ...jsonBodyOf(body, request, dnsEndpointOrderSchema), actor: actorOf(request) }, request);
  }

  @Post('withdrawals')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take an endpoint out of DNS, until it is published by order' })
  @ApiJsonBody(dnsEndpointOrderSchema)
  @ApiOkResponse({ standardSchema: dnsOrderedSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'endpoint-unknown', 'endpoint-ambiguous', 'unavailable', 'clock-skew', 'time-step')
  withdraw(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<DnsOrdered> {
    return this.order({ order: 'withdraw', ...jsonBodyOf(body, request, dnsEndpointOrderSchema), actor: actorOf(request) }, request);
  }

  @Put('preferences')
  @ApiOperation({ summary: 'Set priority, weight or domains of an endpoint', description: 'They go before what it announces itself; null takes that back.' })
  @ApiJsonBody(dnsPreferenceOrderSchema)
  @ApiOkResponse({ standardSchema: dnsOrderedSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'endpoint-unknown', 'endpoint-ambiguous', 'dns-domain-unknown', 'unavailable', 'clock-skew', 'time-step')
  prefer(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<DnsOrdered> {
    return this.order({ order: 'prefer', ...jsonBodyOf(body, request, dnsPreferenceOrderSchema), actor: actorOf(request) }, request);
  }

  @Post('take-overs')
  @HttpCode(200)
  @ApiOperation({ summary: "Take over an endpoint's records of another owner", description: 'Of the owner that the last conflict names, and of no other.' })
  @ApiJsonBody(dnsTakeOverOrderSchema)
  @ApiOkResponse({ standardSchema: dnsTakenOverSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'endpoint-unknown', 'endpoint-ambiguous', 'dns-domain-unknown', 'dns-conflict-unknown', 'unavailable', 'clock-skew', 'time-step')
  takeOver(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<DnsTakenOver> {
    const order = { ...jsonBodyOf(body, request, dnsTakeOverOrderSchema), actor: actorOf(request) };
    return this.bus.request(subjects.dnsTakeOver, order, { schema: dnsTakenOverSchema, ...within(DECISION_TIMEOUT_MS, request) });
  }

  @Post('scavenges')
  @HttpCode(200)
  @ApiOperation({ summary: 'Remove records of this deployment that nothing wants any more', description: 'Those whose claim nobody renewed for two windows. `dryRun` only lists them.' })
  @ApiJsonBody(dnsScavengeOrderSchema)
  @ApiOkResponse({ standardSchema: dnsScavengedSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'dns-not-configured', 'unavailable', 'clock-skew', 'time-step')
  scavenge(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<DnsScavenged> {
    const order = { ...jsonBodyOf(body, request, dnsScavengeOrderSchema), actor: actorOf(request) };
    return this.bus.request(subjects.dnsScavenge, order, { schema: dnsScavengedSchema, ...within(DNS_TIMEOUT_MS, request) });
  }

  private order(order: OrderDns, request: HttpRequest): Promise<DnsOrdered> {
    return this.bus.request(subjects.dnsOrder, order, { schema: dnsOrderedSchema, ...within(DECISION_TIMEOUT_MS, request) });
  }
}

const within = (timeoutMs: number, request: HttpRequest) => ({ timeoutMs, traceparent: traceOf(request).traceparent });
