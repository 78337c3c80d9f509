import type { HostProofAnswer } from '@muster/contracts';
import { hostProofAnswerSchema, hostProofRequestSchema, subjects, tokenTypes } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import { type HttpReply, type HttpRequest, jsonBodyOf, OpenRoute, traceOf } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';

@Controller('v1/host-proofs')
export class HostProofsController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Post()
  @OpenRoute()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Let the host prove that the vendor certified it',
    description: `\`nonce\` is 32 random bytes of whoever asks, base64url. \`proof\` is a compact JWS (typ ${tokenTypes.hostProof}) of them, with the chain to the vendor's root. Ask before you tell a host anything that you found by DNS.`,
  })
  @ApiJsonBody(hostProofRequestSchema)
  @ApiOkResponse({ standardSchema: hostProofAnswerSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'host-retired', 'host-not-activated', 'host-certificate-not-valid', 'host-revoked', 'unavailable')
  async prove(@Body() body: Buffer | undefined, @Req() request: HttpRequest, @Res({ passthrough: true }) reply: HttpReply): Promise<HostProofAnswer> {
    const question = jsonBodyOf(body, request, hostProofRequestSchema);
    reply.header('cache-control', 'no-store');
    return this.bus.request(subjects.hostProve, question, { schema: hostProofAnswerSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }
}
