import type { ActivationKeys } from '@muster/contracts';
import { activationKeysSchema } from '@muster/contracts';
import { listKeys } from '@muster/domain';
import { Roles } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { CurrentAuthority } from '../ledger/current-authority.js';

@Controller('v1/activation-keys')
export class ActivationKeysController {
  constructor(@Inject(CurrentAuthority) private readonly authority: CurrentAuthority) {}

  @Get()
  @Roles('viewer')
  @ApiOperation({ summary: 'List the keys that were issued, by their last group, with what is left of them' })
  @ApiOkResponse({ standardSchema: activationKeysSchema })
  @ApiProblems('unavailable')
  async list(): Promise<ActivationKeys> {
    const { state, position } = await this.authority.read();
    return { ...listKeys(state), position };
  }
}
