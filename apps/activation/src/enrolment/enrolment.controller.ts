import type { CreateEnrolmentToken, EnrolmentTokenEntry, EnrolmentTokensPage, ListEnrolmentTokens, RevokeEnrolmentToken } from '@muster/contracts';
import { createEnrolmentTokenSchema, listEnrolmentTokensSchema, revokeEnrolmentTokenSchema, subjects } from '@muster/contracts';
import type { EnrolmentState, HostState } from '@muster/domain';
import { listTokens } from '@muster/domain';
import type { Follower } from '@muster/event-store';
import { Problem, systemDraws } from '@muster/kernel';
import { LOG, type Log } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ENROLMENT_FOLLOWER, HOST_FOLLOWER, WRITTEN_LEDGER } from '../wiring/tokens.js';
import type { WrittenLedger } from '../wiring/written-ledger.js';
import type { EnrolmentWriterParts } from './record-enrolment-token.js';
import { createEnrolmentToken, revokeEnrolmentToken } from './record-enrolment-token.js';

/** How long a listing waits for this replica to reach the head: nobody is told of a time before an answer that he holds. */
const CATCH_UP_MS_MAX = 2000;

/** What an administrator does with enrolment tokens; that it is one, the gateway has checked. */
@Controller()
export class EnrolmentController {
  private readonly parts: EnrolmentWriterParts;

  constructor(
    @Inject(WRITTEN_LEDGER) ledger: WrittenLedger,
    @Inject(ENROLMENT_FOLLOWER) enrolment: Follower<EnrolmentState>,
    @Inject(HOST_FOLLOWER) host: Follower<HostState>,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.parts = { ...ledger, draws: systemDraws, enrolment, host };
  }

  @MessagePattern(subjects.enrolmentCreate)
  async create(@Payload({ schema: createEnrolmentTokenSchema }) order: CreateEnrolmentToken): Promise<EnrolmentTokenEntry> {
    const entry = await createEnrolmentToken(order, this.parts);
    this.log.info({ tokenId: entry.tokenId, maximumUses: entry.maximumUses, expiresAt: entry.expiresAt, actor: order.actor }, 'enrolment token created');
    return entry;
  }

  @MessagePattern(subjects.enrolmentRevoke)
  async revoke(@Payload({ schema: revokeEnrolmentTokenSchema }) order: RevokeEnrolmentToken): Promise<EnrolmentTokenEntry> {
    const entry = await revokeEnrolmentToken(order, this.parts);
    this.log.info(order, 'enrolment token revoked');
    return entry;
  }

  @MessagePattern(subjects.enrolmentList)
  async list(@Payload({ schema: listEnrolmentTokensSchema }) query: ListEnrolmentTokens): Promise<EnrolmentTokensPage> {
    const { store, ledger, enrolment } = this.parts;
    const { head, storeNowMs } = await store.headNow(ledger);
    if (!(await enrolment.catchUpTo(head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', `The enrolment tokens are as of position ${enrolment.position}, behind ${head.position}.`);
    return { ...listTokens(enrolment.state, query, Math.max(head.recordedAtMs, storeNowMs)), head: enrolment.position };
  }
}
