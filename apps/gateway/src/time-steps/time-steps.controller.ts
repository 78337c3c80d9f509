import type { TimeStepAnswer } from '@muster/contracts';
import { subjects, timeStepAnswerSchema } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import type { HttpRequest } from '@muster/service';
import { actorOf, Roles, traceOf } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';

@Controller('v1/time-steps')
export class TimeStepsController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Post()
  @Roles('operator')
  @HttpCode(200)
  @ApiOperation({
    summary: "Accept that the host's clock is far ahead of the ledger",
    description: 'After a stop of more than 30 days nothing is recorded (`time-step`) until an operator says that the clock is right. The decision is recorded; where there is no step, nothing is.',
  })
  @ApiOkResponse({ standardSchema: timeStepAnswerSchema })
  @ApiProblems('overloaded', 'unavailable', 'clock-skew')
  accept(@Req() request: HttpRequest): Promise<TimeStepAnswer> {
    return this.bus.request(subjects.ledgerAcceptTimeStep, { actor: actorOf(request) }, { schema: timeStepAnswerSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }
}
