import type { RevocationsAnswer } from '@muster/contracts';
import { revocationsAnswerSchema, revokeSchema } from '@muster/contracts';
import type { VendorRevocations } from '@muster/domain';
import { decideVendorRevocation } from '@muster/domain';
import { actorOf, type HttpReply, type HttpRequest, OpenRoute, Roles } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { signRevocationList } from '@muster/trust';
import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { privateBodyOf } from '../body/private-body.js';
import { administrativeCommand } from '../ledger/administrative-command.js';
import type { AuthorityWriter } from '../ledger/authority-writer.js';
import { CurrentAuthority } from '../ledger/current-authority.js';
import type { VendorSigner } from '../vendor/vendor-signer.js';
import { signedAt } from '../vendor/vendor-signer.js';
import { AUTHORITY_WRITER, VENDOR_SIGNER } from '../wiring/tokens.js';

@Controller('v1/revocations')
export class RevocationsController {
  constructor(
    @Inject(AUTHORITY_WRITER) private readonly writer: AuthorityWriter,
    @Inject(CurrentAuthority) private readonly authority: CurrentAuthority,
    @Inject(VENDOR_SIGNER) private readonly signer: VendorSigner,
  ) {}

  @Get()
  @OpenRoute()
  @ApiOperation({ summary: "The vendor's signed list of what is not to be believed any more; the whole of it each time" })
  @ApiOkResponse({ standardSchema: revocationsAnswerSchema })
  @ApiProblems('unavailable')
  async read(@Res({ passthrough: true }) reply: HttpReply): Promise<RevocationsAnswer> {
    const { revocations } = (await this.authority.read()).state;
    reply.header('cache-control', 'public, max-age=300');
    return this.sign(revocations);
  }

  @Post()
  @Roles('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Revoke a host certificate by its id, or a key (of a host, a signing key, an intermediate) by its thumbprint' })
  @ApiJsonBody(revokeSchema)
  @ApiOkResponse({ standardSchema: revocationsAnswerSchema })
  @ApiProblems('malformed-request', 'not-found', 'revocations-not-valid', 'unsupported-media-type', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async revoke(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<RevocationsAnswer> {
    const order = privateBodyOf(body, request, revokeSchema);
    const named = { certificate: 'certificate' in order ? order.certificate : null, key: 'key' in order ? order.key : null };
    const { seen } = await this.writer.submit(
      administrativeCommand({
        actor: actorOf(request),
        decide: (state) => decideVendorRevocation({ ...named, reason: order.reason }, state),
        seen: ({ revocations }) => revocations,
      }),
    );
    return this.sign(seen);
  }

  /** A function of what is recorded and of the signer: every replica gives the same list. */
  private async sign({ sequence, revokedAtMs, certificates, keys }: VendorRevocations): Promise<RevocationsAnswer> {
    if (sequence === 0) return { list: null, sequence };
    const { signer } = this;
    const claims = { iss: signer.vendor, iat: signedAt(signer, revokedAtMs), sequence, certificates: [...certificates], keys: [...keys], chain: [...signer.chain] };
    return { list: await signRevocationList({ claims, vendorKey: signer.key }), sequence };
  }
}
