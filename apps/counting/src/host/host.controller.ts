import type { HostDescription, RevocationsAnswer } from '@muster/contracts';
import { subjects } from '@muster/contracts';
import { CONFIG } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { CountingConfig } from '../counting.config.js';
import { CurrentView } from '../view/current-view.js';
import { describeHost } from './describe-host.js';

@Controller()
export class HostController {
  constructor(
    @Inject(CurrentView) private readonly current: CurrentView,
    @Inject(CONFIG) private readonly config: CountingConfig,
  ) {}

  @MessagePattern(subjects.hostDescribe)
  describe(): Promise<HostDescription> {
    return this.current.read(({ view, position, atMs }) => describeHost(view.host, { ledger: this.config.ledger, head: position, nowMs: atMs }));
  }

  @MessagePattern(subjects.hostRevocations)
  revocations(): Promise<RevocationsAnswer> {
    return this.current.read(({ view: { host } }) => ({ list: host.revocations?.list ?? null, sequence: host.revocations?.sequence ?? 0 }));
  }
}
