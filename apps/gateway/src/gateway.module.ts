import { OpenApiController } from '@muster/service/openapi';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessTokensController } from './access/access-tokens.controller.js';
import { gatewayAccess } from './access/gateway-access.module.js';
import { ActivationSubmitController } from './activate/activation-submit.controller.js';
import { ActivationsController } from './activate/activations.controller.js';
import { SubmitActivation } from './activate/submit-activation.js';
import { AnnounceGateway } from './announce/announce-gateway.js';
import { AdministerDnsController } from './dns/administer-dns.controller.js';
import { DnsController } from './dns/dns.controller.js';
import { EnrolmentTokensController } from './enrolment/enrolment-tokens.controller.js';
import { EventsController } from './events/events.controller.js';
import { AdministerHostController } from './host/administer-host.controller.js';
import { HostController } from './host/host.controller.js';
import { HostProofsController } from './host/host-proofs.controller.js';
import { RevocationsController } from './host/revocations.controller.js';
import { LeasesController } from './leases/leases.controller.js';
import { AddressLimitGuard, LimitMetrics, SignedRequests } from './limits/index.js';
import { MachinesController } from './machines/machines.controller.js';
import { PoolsController } from './pools/pools.controller.js';
import { InstallationConfirmationsController } from './proxy/installation-confirmations.controller.js';
import { InstallationRequestsController } from './proxy/installation-requests.controller.js';
import { ReleasesController } from './release/releases.controller.js';
import { RenewalsController } from './renew/renewals.controller.js';
import { ReplaysController } from './replay/replays.controller.js';
import { StatisticsController } from './statistics/statistics.controller.js';
import { TimeStepsController } from './time-steps/time-steps.controller.js';

@Module({
  imports: [gatewayAccess()],
  controllers: [
    ActivationsController,
    ActivationSubmitController,
    RenewalsController,
    ReleasesController,
    LeasesController,
    MachinesController,
    HostController,
    AdministerHostController,
    HostProofsController,
    RevocationsController,
    DnsController,
    AdministerDnsController,
    PoolsController,
    StatisticsController,
    EventsController,
    ReplaysController,
    TimeStepsController,
    AccessTokensController,
    EnrolmentTokensController,
    InstallationRequestsController,
    InstallationConfirmationsController,
    OpenApiController,
  ],
  // Before the access guard, which an imported module brings: a flood of tokens is not to become one of look-ups.
  providers: [SubmitActivation, SignedRequests, AnnounceGateway, LimitMetrics, { provide: APP_GUARD, useClass: AddressLimitGuard }],
})
export class GatewayModule {}
