import type { AccessTokenIdentified } from '@muster/contracts';
import { accessTokenIdentifiedSchema, subjects } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import type { Identification, TokenIdentifier } from '@muster/service';
import { AccessModule, bootstrapIdentifier, CONFIG, firstToKnow, rememberingIdentifier } from '@muster/service';
import type { GatewayConfig } from '../gateway.config.js';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';

const identificationOf = (answer: AccessTokenIdentified): Identification =>
  answer.status === 'known' ? { status: 'known', tokenId: answer.tokenId, role: answer.role, expiresAtMs: answer.expiresAt === null ? null : Date.parse(answer.expiresAt) } : answer;

/** Whose token it is, as the ledger has it at the moment of asking: only the hash travels. */
export const ledgerIdentifier = (bus: Pick<Bus, 'request'>): TokenIdentifier => ({
  identify: async (tokenHash, traceparent) =>
    identificationOf(await bus.request(subjects.accessIdentify, { tokenHash }, { schema: accessTokenIdentifiedSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent })),
});

/** The token that the host was started with is known here, so that it works while the ledger is away; all others are the ledger's. */
export const gatewayAccess = () =>
  AccessModule.forRoot({
    useFactory: ({ operatorTokenHash }: GatewayConfig, bus: Bus) => firstToKnow(bootstrapIdentifier(operatorTokenHash), rememberingIdentifier(ledgerIdentifier(bus))),
    inject: [CONFIG, BUS],
  });
