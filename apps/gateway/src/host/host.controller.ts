import type { HostDescription } from '@muster/contracts';
import { hostDescriptionSchema, PUBLISHED_KEYS_MAX_AGE_SECONDS, SIGNATURE_ALGORITHM, subjects } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import type { HttpReply, HttpRequest } from '@muster/service';
import { OpenRoute, traceOf } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';

const jwksSchema = z.strictObject({
  keys: z.array(z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), kid: z.string(), use: z.literal('sig'), alg: z.literal(SIGNATURE_ALGORITHM) })),
});

type Jwks = Readonly<z.infer<typeof jwksSchema>>;

@Controller()
export class HostController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Get('v1/host')
  @OpenRoute()
  @ApiOperation({ summary: 'Describe the host: its certificate, products and policies' })
  @ApiOkResponse({ standardSchema: hostDescriptionSchema })
  @ApiProblems('unavailable')
  describe(@Req() request: HttpRequest): Promise<HostDescription> {
    return this.bus.request(subjects.hostDescribe, {}, { schema: hostDescriptionSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }

  @Get('.well-known/jwks.json')
  @OpenRoute()
  @ApiOperation({ summary: 'Keys that sign leases and receipts (RFC 7517). A client trusts them by the certificate chain in each lease, not by this list' })
  @ApiOkResponse({ standardSchema: jwksSchema })
  @ApiProblems('unavailable')
  async keys(@Req() request: HttpRequest, @Res({ passthrough: true }) reply: HttpReply): Promise<Jwks> {
    const { keys } = await this.describe(request);
    reply.header('cache-control', `public, max-age=${PUBLISHED_KEYS_MAX_AGE_SECONDS}`);
    return { keys: keys.map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: SIGNATURE_ALGORITHM })) };
  }
}
