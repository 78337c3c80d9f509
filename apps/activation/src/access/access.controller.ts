import type { AccessTokenRecorded, AccessTokenRevokedAnswer, RecordAccessToken, RevokeAccessToken } from '@muster/contracts';
import { recordAccessTokenSchema, revokeAccessTokenSchema, subjects } from '@muster/contracts';
import type { AccessTokens, HostState } from '@muster/domain';
import type { EventStore, Follower, OnAppended } from '@muster/event-store';
import { systemDraws } from '@muster/kernel';
import { CLOCK, CONFIG, LOG, type Log, type ServiceClock } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { ActivationConfig } from '../activation.config.js';
import { ACCESS_FOLLOWER, EVENT_STORE, HOST_FOLLOWER, ON_APPENDED } from '../wiring/tokens.js';
import type { AccessWriterParts } from './record-access-token.js';
import { createAccessToken, revokeAccessToken } from './record-access-token.js';

@Controller()
export class AccessController {
  private readonly parts: AccessWriterParts;

  constructor(
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(ACCESS_FOLLOWER) tokens: Follower<AccessTokens>,
    @Inject(HOST_FOLLOWER) host: Follower<HostState>,
    @Inject(CLOCK) clock: ServiceClock,
    @Inject(CONFIG) { ledger }: ActivationConfig,
    @Inject(ON_APPENDED) onAppended: OnAppended,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.parts = { store, ledger, clock, draws: systemDraws, tokens, host, onAppended };
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
