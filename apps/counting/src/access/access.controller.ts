import type { AccessTokenEntry, AccessTokenIdentified, AccessTokensPage, ListAccessTokens } from '@muster/contracts';
import { identifyAccessTokenSchema, listAccessTokensSchema, subjects } from '@muster/contracts';
import type { AccessToken } from '@muster/domain';
import { listAccessTokens, tokenByHash, tokenStanding } from '@muster/domain';
import type { EventStore } from '@muster/event-store';
import { toInstant } from '@muster/kernel';
import { CONFIG } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { CountingConfig } from '../counting.config.js';
import { EVENT_STORE } from '../tokens.js';
import { AccessView } from './access-view.js';

const instantOrNull = (epochMs: number | null): string | null => (epochMs === null ? null : toInstant(epochMs));

@Controller()
export class AccessController {
  constructor(
    @Inject(AccessView) private readonly view: AccessView,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: CountingConfig,
  ) {}

  @MessagePattern(subjects.accessIdentify)
  identify(@Payload({ schema: identifyAccessTokenSchema }) { tokenHash }: { readonly tokenHash: string }): Promise<AccessTokenIdentified> {
    return this.view.read(({ tokens }) => {
      const token = tokenByHash(tokens, tokenHash);
      if (token === undefined) return { status: 'unknown' };
      const { tokenId, role, expiresAtMs, revokedAtMs } = token;
      return revokedAtMs === null ? { status: 'known', tokenId, role, expiresAt: instantOrNull(expiresAtMs) } : { status: 'revoked' };
    });
  }

  @MessagePattern(subjects.accessList)
  async list(@Payload({ schema: listAccessTokensSchema }) query: ListAccessTokens): Promise<AccessTokensPage> {
    const { tokens, next, head, nowMs } = await this.view.read(({ tokens: all, position, nowMs: at }) => ({ ...listAccessTokens(all, query), head: position, nowMs: at }));
    const entries = await Promise.all(tokens.map((token) => this.entryOf(token, nowMs)));
    return { tokens: entries, ...(next === undefined ? {} : { next }), head };
  }

  private async entryOf(token: AccessToken, nowMs: number): Promise<AccessTokenEntry> {
    const { tokenId, role, createdAtMs, expiresAtMs, revokedAtMs } = token;
    return {
      tokenId,
      role,
      standing: tokenStanding(token, nowMs),
      createdAt: toInstant(createdAtMs),
      expiresAt: instantOrNull(expiresAtMs),
      revokedAt: instantOrNull(revokedAtMs),
      note: await this.noteOf(token),
    };
  }

  /** Stands beside the ledger under the token's hash; null when there was none, or it was erased. */
  private async noteOf({ tokenHash }: AccessToken): Promise<string | null> {
    const [personal] = await this.store.readPersonalData(this.config.ledger, tokenHash);
    return personal?.hostname ?? null;
  }
}
