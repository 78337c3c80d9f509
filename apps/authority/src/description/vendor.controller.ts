import type { VendorDescription } from '@muster/contracts';
import { SIGNATURE_ALGORITHM, vendorDescriptionSchema } from '@muster/contracts';
import { type HttpReply, OpenRoute } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { jwkSetOf } from '@muster/trust';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentAuthority } from '../ledger/current-authority.js';
import type { VendorSigner } from '../vendor/vendor-signer.js';
import { VENDOR_SIGNER } from '../wiring/tokens.js';

const jwksSchema = z.strictObject({
  keys: z.array(z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), kid: z.string(), use: z.literal('sig'), alg: z.literal(SIGNATURE_ALGORITHM) })),
});

@Controller()
export class VendorController {
  constructor(
    @Inject(CurrentAuthority) private readonly authority: CurrentAuthority,
    @Inject(VENDOR_SIGNER) private readonly signer: VendorSigner,
  ) {}

  @Get('v1/vendor')
  @OpenRoute()
  @ApiOperation({ summary: 'Describe the authority: the vendor, the root that is pinned in the products, the key that signs' })
  @ApiOkResponse({ standardSchema: vendorDescriptionSchema })
  @ApiProblems('unavailable')
  async describe(): Promise<VendorDescription> {
    const { state, position } = await this.authority.read();
    const { vendor, root, key, chain } = this.signer;
    return { vendor, root: { ...root }, signer: key.id, chain: [...chain], catalogueDigest: state.catalogue?.digest ?? null, head: position };
  }

  @Get('.well-known/jwks.json')
  @OpenRoute()
  @ApiOperation({ summary: 'The root and the key that signs day to day (RFC 7517). Nobody trusts them by this list: the root is pinned, and the chain is in each token' })
  @ApiOkResponse({ standardSchema: jwksSchema })
  keys(@Res({ passthrough: true }) reply: HttpReply): z.infer<typeof jwksSchema> {
    reply.header('cache-control', 'public, max-age=300');
    return jwkSetOf([this.signer.root, this.signer.key.publicJwk]);
  }
}
