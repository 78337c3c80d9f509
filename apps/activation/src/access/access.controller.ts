import type { AccessTokenRecorded, AccessTokenRevokedAnswer, RecordAccessToken, RevokeAccessToken } from '@muster/contracts';
import { recordAccessTokenSchema, revokeAccessTokenSchema, subjects } from '@muster/contracts';
import type { AccessTokens, HostState } from '@muster/domain';
import type { Follower } from '@muster/event-store';
import { systemDraws } from '@muster/kernel';
import { LOG, type Log } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ACCESS_FOLLOWER, HOST_FOLLOWER, WRITTEN_LEDGER } from '../wiring/tokens.js';
import type { WrittenLedger } from '../wiring/written-ledger.js';
import type { AccessWriterParts } from './record-access-token.js';
import { createAccessToken, revokeAccessToken } from './record-access-token.js';

@Controller()
export class AccessController {
  private readonly parts: AccessWriterParts;

  constructor(
    @Inject(WRITTEN_LEDGER) ledger: WrittenLedger,
    @Inject(ACCESS_FOLLOWER) tokens: Follower<AccessTokens>,
    @Inject(HOST_FOLLOWER) host: Follower<HostState>,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.parts = { ...ledger, draws: systemDraws, tokens, host };
  }

  @MessagePattern(subjects.accessCreate)
  async create(@Payload({ schema: recordAccessTokenSchema }) order: RecordAccessToken): Promise<AccessTokenRecorded> {
    const answer = await createAccessToken(order, this.parts);
    this.log.info({ tokenId: answer.tokenId, role: answer.role, actor: order.actor }, 'access token created');
    return answer;
  }

  @MessagePattern(subjects.accessRevoke)
  async revoke(@Payload({ schema: revokeAccessTokenSchema }) order: RevokeAccessToken): Promise<AccessTokenRevokedAnswer> {
    const answer = await revokeAccessToken(order, this.parts);
    this.log.info(order, 'access token revoked');
    return answer;
  }
}
