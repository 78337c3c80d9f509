import type { HostConfirmedAnswer, HostKeyInstalledAnswer, HostRetiredAnswer, SigningKeyAnnouncedAnswer, SigningKeyChangedAnswer } from '@muster/contracts';
import {
  hostConfirmationOrderSchema,
  hostConfirmedAnswerSchema,
  hostKeyInstalledAnswerSchema,
  hostKeyOrderSchema,
  hostRetiredAnswerSchema,
  hostRetirementOrderSchema,
  signingKeyAnnouncedAnswerSchema,
  signingKeyChangedAnswerSchema,
  signingKeyChangeOrderSchema,
  signingKeyOrderSchema,
  subjects,
} from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import { actorOf, type HttpRequest, jsonBodyOf, Roles, traceOf } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { DECISION_TIMEOUT_MS } from '../decision-timeout.js';

/** The life of the host itself: its key, its activation, the keys that sign for it, its end. */
@Controller('v1/host')
@Roles('admin')
export class AdministerHostController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Post('keys')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Install a host key: the policies that the vendor signed for it',
    description: 'The key itself is a secret of whoever typed it, and not sent here. `muster host install-key` does both.',
  })
  @ApiJsonBody(hostKeyOrderSchema)
  @ApiOkResponse({ standardSchema: hostKeyInstalledAnswerSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'policies-not-valid', 'unavailable', 'clock-skew', 'time-step')
  installKey(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<HostKeyInstalledAnswer> {
    const order = { ...jsonBodyOf(body, request, hostKeyOrderSchema), actor: actorOf(request) };
    return this.bus.request(subjects.hostInstallKey, order, { schema: hostKeyInstalledAnswerSchema, ...this.options(request) });
  }

  @Post('confirmations')
  @HttpCode(200)
  @ApiOperation({
    summary: "Activate the host with the authority's confirmation",
    description: 'The host rebuilds its certificate from the installed policies and these numbers, and verifies it against the vendor’s root. Applied again, it changes nothing.',
  })
  @ApiJsonBody(hostConfirmationOrderSchema)
  @ApiOkResponse({ standardSchema: hostConfirmedAnswerSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'host-key-missing', 'confirmation-not-valid', 'host-revoked', 'unavailable', 'clock-skew', 'time-step')
  confirm(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<HostConfirmedAnswer> {
    const order = { ...jsonBodyOf(body, request, hostConfirmationOrderSchema), actor: actorOf(request) };
    return this.bus.request(subjects.hostConfirm, order, { schema: hostConfirmedAnswerSchema, ...this.options(request) });
  }

  @Post('retirements')
  @HttpCode(200)
  @ApiOperation({ summary: 'Retire the host: it serves nobody any more', description: 'Leases that it issued stay good until their ends. Only a new activation brings it back.' })
  @ApiJsonBody(hostRetirementOrderSchema)
  @ApiOkResponse({ standardSchema: hostRetiredAnswerSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'host-not-activated', 'unavailable', 'clock-skew', 'time-step')
  retire(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<HostRetiredAnswer> {
    const order = { ...jsonBodyOf(body, request, hostRetirementOrderSchema), actor: actorOf(request) };
    return this.bus.request(subjects.hostRetire, order, { schema: hostRetiredAnswerSchema, ...this.options(request) });
  }

  @Post('signing-keys')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Announce another signing key',
    description: 'By the host key’s own word for it. It is published with the others, and may sign once every cached copy of them has it. `muster host rotate-key` does all of it.',
  })
  @ApiJsonBody(signingKeyOrderSchema)
  @ApiOkResponse({ standardSchema: signingKeyAnnouncedAnswerSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'host-not-activated', 'signing-key-not-usable', 'unavailable', 'clock-skew', 'time-step')
  announceKey(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<SigningKeyAnnouncedAnswer> {
    const order = { ...jsonBodyOf(body, request, signingKeyOrderSchema), actor: actorOf(request) };
    return this.bus.request(subjects.hostAnnounceKey, order, { schema: signingKeyAnnouncedAnswerSchema, ...this.options(request) });
  }

  @Post('signing-key-changes')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Change to a signing key that was announced',
    description: 'After `compromise` the key before it signs nothing more at all, and the other announced keys are void; after `rotation` it still answers repeats for a while.',
  })
  @ApiJsonBody(signingKeyChangeOrderSchema)
  @ApiOkResponse({ standardSchema: signingKeyChangedAnswerSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'host-not-activated', 'signing-key-not-usable', 'unavailable', 'clock-skew', 'time-step')
  changeKey(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<SigningKeyChangedAnswer> {
    const order = { ...jsonBodyOf(body, request, signingKeyChangeOrderSchema), actor: actorOf(request) };
    return this.bus.request(subjects.hostChangeKey, order, { schema: signingKeyChangedAnswerSchema, ...this.options(request) });
  }

  private options(request: HttpRequest) {
    return { timeoutMs: DECISION_TIMEOUT_MS, traceparent: traceOf(request).traceparent };
  }
}
