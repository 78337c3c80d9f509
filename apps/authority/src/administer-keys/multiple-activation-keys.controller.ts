import type { MultipleActivationKeyEntry } from '@muster/contracts';
import {
  base64url32,
  issueMultipleActivationKeySchema,
  multipleActivationKeyEntrySchema,
  multipleActivationKeyIssuedAnswerSchema,
  raiseMultipleActivationKeySchema,
  revokeActivationKeySchema,
} from '@muster/contracts';
import type { AuthorityState } from '@muster/domain';
import { decideKeyRevocation, decideMultipleActivationKeyIssue, decideMultipleActivationKeyRaise, multipleActivationKeyEntry } from '@muster/domain';
import { actorOf, type HttpRequest, Roles } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { Body, Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { privateBodyOf } from '../body/private-body.js';
import { administrativeCommand } from '../ledger/administrative-command.js';
import type { AuthorityWriter } from '../ledger/authority-writer.js';
import { AUTHORITY_WRITER } from '../wiring/tokens.js';
import { drawKey } from './new-key.js';

type IssuedAnswer = Readonly<z.infer<typeof multipleActivationKeyIssuedAnswerSchema>>;

const entryOf = (keyId: string) => (state: AuthorityState): MultipleActivationKeyEntry => {
  const key = state.multipleActivationKeys.get(keyId);
  if (key === undefined) throw new Error('a key that nobody issued was changed');
  return multipleActivationKeyEntry(key);
};

@Controller('v1/multiple-activation-keys')
export class MultipleActivationKeysController {
  constructor(@Inject(AUTHORITY_WRITER) private readonly writer: AuthorityWriter) {}

  @Post()
  @Roles('admin')
  @ApiOperation({ summary: 'Issue a multiple activation key', description: 'The key is shown this once: the authority keeps its digest and its last group only.' })
  @ApiJsonBody(issueMultipleActivationKeySchema)
  @ApiCreatedResponse({ standardSchema: multipleActivationKeyIssuedAnswerSchema })
  @ApiProblems('malformed-request', 'catalogue-not-valid', 'unsupported-media-type', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async issue(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<IssuedAnswer> {
    const terms = privateBodyOf(body, request, issueMultipleActivationKeySchema);
    const { key, named } = drawKey('multiple');
    await this.writer.submit(
      administrativeCommand({ actor: actorOf(request), decide: (state) => decideMultipleActivationKeyIssue({ ...named, ...terms }, state), seen: () => undefined }),
    );
    return { keyId: named.keyId, key };
  }

  @Post(':keyId/raises')
  @Roles('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Set the allowance of a multiple activation key anew' })
  @ApiJsonBody(raiseMultipleActivationKeySchema)
  @ApiOkResponse({ standardSchema: multipleActivationKeyEntrySchema })
  @ApiProblems('malformed-request', 'key-unknown', 'unsupported-media-type', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async raise(@Param('keyId', { schema: base64url32 }) keyId: string, @Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<MultipleActivationKeyEntry> {
    const { allowance } = privateBodyOf(body, request, raiseMultipleActivationKeySchema);
    const order = { actor: actorOf(request), decide: (state: AuthorityState) => decideMultipleActivationKeyRaise({ keyId, allowance }, state), seen: entryOf(keyId) };
    return (await this.writer.submit(administrativeCommand(order))).seen;
  }

  @Post(':keyId/revocations')
  @Roles('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Revoke a multiple activation key: it pays for nothing more, and what it paid for stays' })
  @ApiJsonBody(revokeActivationKeySchema)
  @ApiOkResponse({ standardSchema: multipleActivationKeyEntrySchema })
  @ApiProblems('malformed-request', 'key-unknown', 'unsupported-media-type', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async revoke(@Param('keyId', { schema: base64url32 }) keyId: string, @Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<MultipleActivationKeyEntry> {
    const { reason } = privateBodyOf(body, request, revokeActivationKeySchema);
    const order = { actor: actorOf(request), decide: (state: AuthorityState) => decideKeyRevocation({ keyId, reason }, state.multipleActivationKeys), seen: entryOf(keyId) };
    return (await this.writer.submit(administrativeCommand(order))).seen;
  }
}
