import type { ConfirmProxy, InstallationConfirmations } from '@muster/contracts';
import { confirmInstallationsSchema, CONFIRMATIONS_MAX, installationConfirmationsSchema, subjects } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import type { HttpRequest } from '@muster/service';
import { actorOf, jsonBodyOf, Roles, traceOf } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { DECISION_TIMEOUT_MS } from '../decision-timeout.js';

@Controller('v1/installation-confirmations')
export class InstallationConfirmationsController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Post()
  @Roles('operator')
  @HttpCode(200)
  @ApiOperation({
    summary: `Hand permanent leases back to the machines that asked for them here, at most ${CONFIRMATIONS_MAX} at once`,
    description: "Each is verified against the vendor's root key, and recorded once. The machine fetches it at its next contact.",
  })
  @ApiJsonBody(confirmInstallationsSchema)
  @ApiOkResponse({ standardSchema: installationConfirmationsSchema })
  @ApiProblems('malformed-request', 'request-too-large', 'unsupported-media-type', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  confirm(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<InstallationConfirmations> {
    const order: ConfirmProxy = { ...jsonBodyOf(body, request, confirmInstallationsSchema), actor: actorOf(request) };
    return this.bus.request(subjects.proxyConfirm, order, { schema: installationConfirmationsSchema, timeoutMs: DECISION_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }
}
