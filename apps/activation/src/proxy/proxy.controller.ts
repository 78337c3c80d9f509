import type { ConfirmProxy, InstallationAnswer, InstallationConfirmations, RequestProxy } from '@muster/contracts';
import { confirmProxySchema, requestProxySchema, subjects } from '@muster/contracts';
import type { HostCredentials } from '@muster/issuance';
import { LOG, type Log } from '@muster/service';
import { isTokenRefused, verifyPermanentLease } from '@muster/trust';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CREDENTIALS } from '../wiring/tokens.js';
import type { ProxyConfirmation } from './decide-proxies.js';
import { ProxyWriter } from './proxy-writer.js';

/** Installation requests that isolated machines leave here, and the answers that somebody brings for them. */
@Controller()
export class ProxyController {
  constructor(
    @Inject(ProxyWriter) private readonly writer: ProxyWriter,
    @Inject(CREDENTIALS) private readonly credentials: HostCredentials,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @MessagePattern(subjects.proxyRequest)
  async request(@Payload({ schema: requestProxySchema }) request: RequestProxy): Promise<InstallationAnswer> {
    const { answer } = await this.writer.submit({ type: 'request', request });
    return answer as InstallationAnswer;
  }

  @MessagePattern(subjects.proxyConfirm)
  async confirm(@Payload({ schema: confirmProxySchema }) { leases, actor }: ConfirmProxy): Promise<InstallationConfirmations> {
    const confirmations = await Promise.all(leases.map((lease) => this.confirmOne(lease, actor)));
    this.log.info({ outcomes: confirmations.map(({ outcome }) => outcome), actor }, 'permanent leases handed back');
    return { confirmations };
  }

  /** Only what the vendor's root key vouches for is recorded; the machine itself verifies it again. */
  private async confirmOne(lease: string, actor: string): Promise<ProxyConfirmation> {
    try {
      const { claims } = await verifyPermanentLease(lease, { root: this.credentials.root });
      const { answer } = await this.writer.submit({ type: 'confirm', lease: { machine: claims.sub, product: claims.aud, leaseId: claims.jti, lease }, actor });
      return answer as ProxyConfirmation;
    } catch (error) {
      if (!isTokenRefused(error)) throw error;
      return { outcome: 'not-valid', reason: error.reason, detail: error.detail };
    }
  }
}
