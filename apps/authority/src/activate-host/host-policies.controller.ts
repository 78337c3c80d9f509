import type { HostPoliciesAnswer } from '@muster/contracts';
import { hostPoliciesAnswerSchema, hostPoliciesRequestSchema } from '@muster/contracts';
import { Problem } from '@muster/kernel';
import { type HttpRequest, OpenRoute } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { privateBodyOf } from '../body/private-body.js';
import { typedKey } from '../body/typed-key.js';
import { CurrentAuthority } from '../ledger/current-authority.js';
import type { VendorSigner } from '../vendor/vendor-signer.js';
import { hostPoliciesOf } from '../vendor/vendor-signer.js';
import { VENDOR_SIGNER } from '../wiring/tokens.js';

@Controller('v1/host-policies')
export class HostPoliciesController {
  constructor(
    @Inject(CurrentAuthority) private readonly authority: CurrentAuthority,
    @Inject(VENDOR_SIGNER) private readonly signer: VendorSigner,
  ) {}

  @Post()
  @OpenRoute()
  @HttpCode(200)
  @ApiOperation({ summary: 'The policies file of a host key, signed by the vendor. Records nothing and uses nothing up' })
  @ApiJsonBody(hostPoliciesRequestSchema)
  @ApiOkResponse({ standardSchema: hostPoliciesAnswerSchema })
  @ApiProblems('malformed-request', 'request-too-large', 'unsupported-media-type', 'forbidden', 'key-misread', 'key-unknown', 'key-revoked', 'unavailable')
  async read(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<HostPoliciesAnswer> {
    const { keyId } = typedKey(privateBodyOf(body, request, hostPoliciesRequestSchema).key, 'host');
    const { hostKeys, catalogue } = (await this.authority.read()).state;
    const key = hostKeys.get(keyId);
    if (key === undefined || catalogue === null) throw new Problem('key-unknown', 'This authority issued no such key. It is well formed, so it is not a typing error.');
    if (key.revoked) throw new Problem('key-revoked', 'The vendor revoked this key. Ask the vendor for another one.');
    const { jws } = await hostPoliciesOf(this.signer, key, catalogue);
    return { keyId, keyEnding: key.keyEnding, policies: jws };
  }
}
