import type { HostKeyEntry } from '@muster/contracts';
import { base64url32, hostKeyEntrySchema, hostKeyIssuedAnswerSchema, issueHostKeySchema, raiseHostKeySchema, revokeActivationKeySchema } from '@muster/contracts';
import type { AuthorityState } from '@muster/domain';
import { decideHostKeyIssue, decideHostKeyRaise, decideKeyRevocation, hostKeyEntry } from '@muster/domain';
import { actorOf, type HttpRequest, Roles } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { Body, Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { privateBodyOf } from '../body/private-body.js';
import { administrativeCommand } from '../ledger/administrative-command.js';
import type { AuthorityWriter } from '../ledger/authority-writer.js';
import type { VendorSigner } from '../vendor/vendor-signer.js';
import { hostPoliciesOf } from '../vendor/vendor-signer.js';
import { AUTHORITY_WRITER, VENDOR_SIGNER } from '../wiring/tokens.js';
import { drawKey } from './new-key.js';

type IssuedAnswer = Readonly<z.infer<typeof hostKeyIssuedAnswerSchema>>;

const entryOf = (keyId: string) => (state: AuthorityState): HostKeyEntry => {
  const key = state.hostKeys.get(keyId);
  if (key === undefined) throw new Error('a key that nobody issued was changed');
  return hostKeyEntry(key);
};

@Controller('v1/host-keys')
export class HostKeysController {
  constructor(
    @Inject(AUTHORITY_WRITER) private readonly writer: AuthorityWriter,
    @Inject(VENDOR_SIGNER) private readonly signer: VendorSigner,
  ) {}

  @Post()
  @Roles('admin')
  @ApiOperation({ summary: 'Issue a host key', description: 'The key is shown this once: the authority keeps its digest and its last group only.' })
  @ApiJsonBody(issueHostKeySchema)
  @ApiCreatedResponse({ standardSchema: hostKeyIssuedAnswerSchema })
  @ApiProblems('malformed-request', 'catalogue-not-valid', 'unsupported-media-type', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async issue(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<IssuedAnswer> {
    const terms = privateBodyOf(body, request, issueHostKeySchema);
    const { key, named } = drawKey('host');
    const { seen } = await this.writer.submit(
      administrativeCommand({
        actor: actorOf(request),
        decide: (state) => decideHostKeyIssue({ ...named, ...terms }, state),
        seen: ({ hostKeys, catalogue }) => ({ issued: hostKeys.get(named.keyId), catalogue }),
      }),
    );
    if (seen.issued === undefined || seen.catalogue === null) throw new Error('the key was recorded, and is not there');
    return { keyId: named.keyId, key, policies: (await hostPoliciesOf(this.signer, seen.issued, seen.catalogue)).jws };
  }

  @Post(':keyId/raises')
  @Roles('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Set the limits of a host key anew: the exception that somebody asked for' })
  @ApiJsonBody(raiseHostKeySchema)
  @ApiOkResponse({ standardSchema: hostKeyEntrySchema })
  @ApiProblems('malformed-request', 'key-unknown', 'unsupported-media-type', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async raise(@Param('keyId', { schema: base64url32 }) keyId: string, @Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<HostKeyEntry> {
    const limits = privateBodyOf(body, request, raiseHostKeySchema);
    const order = { actor: actorOf(request), decide: (state: AuthorityState) => decideHostKeyRaise({ keyId, ...limits }, state), seen: entryOf(keyId) };
    return (await this.writer.submit(administrativeCommand(order))).seen;
  }

  @Post(':keyId/revocations')
  @Roles('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Revoke a host key: it activates nothing more, and what it activated stays' })
  @ApiJsonBody(revokeActivationKeySchema)
  @ApiOkResponse({ standardSchema: hostKeyEntrySchema })
  @ApiProblems('malformed-request', 'key-unknown', 'unsupported-media-type', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async revoke(@Param('keyId', { schema: base64url32 }) keyId: string, @Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<HostKeyEntry> {
    const { reason } = privateBodyOf(body, request, revokeActivationKeySchema);
    const order = { actor: actorOf(request), decide: (state: AuthorityState) => decideKeyRevocation({ keyId, reason }, state.hostKeys), seen: entryOf(keyId) };
    return (await this.writer.submit(administrativeCommand(order))).seen;
  }
}
