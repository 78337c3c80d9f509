import type { AuthorityState } from '@muster/domain';
import { applyToAuthority, authorityEventTypes, initialAuthority } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { createFollower, createPostgresEventStore } from '@muster/event-store';
import type { Log, Metrics, ServiceClock } from '@muster/service';
import { AccessModule, AddressLimitGuard, bootstrapIdentifier, CLOCK, CONFIG, LimitMetrics, LOG, METRICS, storeClockOf } from '@muster/service';
import { OpenApiController } from '@muster/service/openapi';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ConfirmationsController } from './activate-host/confirmations.controller.js';
import { HostActivationsController } from './activate-host/host-activations.controller.js';
import { HostPoliciesController } from './activate-host/host-policies.controller.js';
import { SubmitHostActivation } from './activate-host/submit-host-activation.js';
import { MachineActivationsController } from './activate-machine/machine-activations.controller.js';
import { MachineConfirmationsController } from './activate-machine/machine-confirmations.controller.js';
import { SubmitMachineRequest } from './activate-machine/submit-machine-request.js';
import { ActivationKeysController } from './administer-keys/activation-keys.controller.js';
import { HostKeysController } from './administer-keys/host-keys.controller.js';
import { MultipleActivationKeysController } from './administer-keys/multiple-activation-keys.controller.js';
import type { AuthorityConfig } from './authority.config.js';
import { CatalogueController } from './catalogue/catalogue.controller.js';
import { VendorController } from './description/vendor.controller.js';
import { EventsController } from './events/events.controller.js';
import { createAuthorityWriter } from './ledger/authority-writer.js';
import { CurrentAuthority } from './ledger/current-authority.js';
import { RevocationsController } from './revocations/revocations.controller.js';
import { TimeStepsController } from './time-steps/time-steps.controller.js';
import type { VendorSigner } from './vendor/vendor-signer.js';
import { loadVendorSigner } from './vendor/vendor-signer.js';
import { AUTHORITY_FOLLOWER, AUTHORITY_WRITER, EVENT_STORE, VENDOR_SIGNER } from './wiring/tokens.js';

@Module({
  imports: [AccessModule.forRoot({ inject: [CONFIG], useFactory: ({ operatorTokenHash }: AuthorityConfig) => bootstrapIdentifier(operatorTokenHash) })],
  controllers: [
    HostPoliciesController,
    HostActivationsController,
    MachineActivationsController,
    MachineConfirmationsController,
    RevocationsController,
    VendorController,
    CatalogueController,
    HostKeysController,
    MultipleActivationKeysController,
    ActivationKeysController,
    ConfirmationsController,
    EventsController,
    TimeStepsController,
    OpenApiController,
  ],
  providers: [
    LimitMetrics,
    // Before the access guard, which an imported module brings.
    { provide: APP_GUARD, useClass: AddressLimitGuard },
    { provide: VENDOR_SIGNER, useFactory: loadVendorSigner, inject: [CONFIG] },
    {
      provide: EVENT_STORE,
      useFactory: (config: AuthorityConfig, clock: ServiceClock): EventStore =>
        createPostgresEventStore({ url: config.databaseUrl, clock, applicationName: 'muster-authority', ...storeClockOf(clock) }),
      inject: [CONFIG, CLOCK],
    },
    {
      provide: AUTHORITY_FOLLOWER,
      useFactory: (store: EventStore, { ledger }: AuthorityConfig): Follower<AuthorityState> =>
        createFollower({
          store,
          ledger,
          fold: {
            name: 'authority',
            wholeTypes: authorityEventTypes,
            initialState: initialAuthority,
            applyEvent: (state, { row, event }) => applyToAuthority(state, { event, recordedAtMs: row.recordedAtMs }),
          },
        }),
      inject: [EVENT_STORE, CONFIG],
    },
    {
      provide: AUTHORITY_WRITER,
      useFactory: (store: EventStore, follower: Follower<AuthorityState>, signer: VendorSigner, { ledger }: AuthorityConfig, metrics: Metrics, log: Log, clock: ServiceClock) =>
        createAuthorityWriter({ store, follower, signer, ledger, metrics, log, clock }),
      inject: [EVENT_STORE, AUTHORITY_FOLLOWER, VENDOR_SIGNER, CONFIG, METRICS, LOG, CLOCK],
    },
    CurrentAuthority,
    SubmitHostActivation,
    SubmitMachineRequest,
  ],
})
export class AuthorityModule {}
