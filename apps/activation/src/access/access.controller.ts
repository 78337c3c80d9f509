import type { AccessTokenRecorded, AccessTokenRevokedAnswer, RecordAccessToken, RevokeAccessToken } from '@muster/contracts';
import { recordAccessTokenSchema, revokeAccessTokenSchema, subjects } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { toLedgerAppended } from '@muster/event-store';
import { systemDraws } from '@muster/kernel';
import { BUS, type Bus } from '@muster/messaging';
import { CLOCK, CONFIG, LOG, type Log, type ServiceClock } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { ActivationConfig } from '../activation.config.js';
import { EVENT_STORE, HOST_FOLLOWER } from '../wiring/tokens.js';
import { AccessFollower } from './access-follower.js';
import type { AccessWriterParts } from './record-access-token.js';
import { createAccessToken, revokeAccessToken } from './record-access-token.js';

@Controller()
export class AccessController {
  private readonly parts: AccessWriterParts;

  constructor(
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(AccessFollower) { follower: tokens }: AccessFollower,
    @Inject(HOST_FOLLOWER) host: Follower<HostState>,
    @Inject(CLOCK) clock: ServiceClock,
    @Inject(CONFIG) { ledger }: ActivationConfig,
    @Inject(BUS) bus: Bus,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.parts = {
      store,
      ledger,
      clock,
      draws: systemDraws,
      tokens,
      host,
      onAppended: (events) => {
        const message = toLedgerAppended(events);
        tokens.onAppended(message);
        host.onAppended(message);
        bus.publish(subjects.ledgerAppended, message);
      },
    };
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
