import type { CertificateInForce, HostState } from '@muster/domain';
import { wasEverProduction } from '@muster/domain';
import type { Follower } from '@muster/event-store';
import { storeReadiness } from '@muster/event-store';
import type { HostCredentials, HostSigner, HostWatch, SigningKeys } from '@muster/issuance';
import { watchHost } from '@muster/issuance';
import { LOG, type Log, READINESS, type ReadinessRegistry } from '@muster/service';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { CREDENTIALS, HOST_FOLLOWER, HOST_SIGNER, SIGNING_KEYS, WRITTEN_LEDGER } from '../wiring/tokens.js';
import type { WrittenLedger } from '../wiring/written-ledger.js';
import { activateHost } from './activate-host.js';

/** Between two tries to record the certificate while the store is away or the clock is wrong. */
const RETRY_MS = 1000;

/** Watches the host from start to stop, and sees to it that the certificate this process was given, if any, is recorded. */
@Injectable()
export class HostActivation implements OnApplicationBootstrap {
  private readonly stopping = new AbortController();
  private activating: Promise<void> | undefined;
  private watch: HostWatch | undefined;

  constructor(
    @Inject(WRITTEN_LEDGER) private readonly ledger: WrittenLedger,
    @Inject(HOST_FOLLOWER) private readonly follower: Follower<HostState>,
    @Inject(CREDENTIALS) private readonly credentials: HostCredentials,
    @Inject(SIGNING_KEYS) private readonly keys: SigningKeys,
    @Inject(HOST_SIGNER) private readonly signer: HostSigner,
    @Inject(READINESS) private readonly readiness: ReadinessRegistry,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.readiness.register('event-store', () => storeReadiness(this.ledger.store, this.ledger.ledger));
    this.readiness.register('host-state', () => Promise.resolve(this.standing()));
    const { follower, signer, keys, readiness, log } = this;
    const { clock } = this.ledger;
    const host = () => (follower.status.reachedHead ? follower.state : undefined);
    this.watch = watchHost({ host, signer, keys, clock, readiness, log, expectsCertificate: this.credentials.certificate !== undefined });
    const { certificate } = this.credentials;
    // Not awaited: services start in any order, and say on /readyz how far they are.
    if (certificate !== undefined) this.activating = this.activate(certificate);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.watch?.stop();
    await this.activating;
  }

  private standing(): { status: 'up' | 'down'; detail: string } {
    const { position, reachedHead, failure } = this.follower.status;
    if (!reachedHead || failure !== null) return { status: 'down', detail: `host state at position ${position}${failure === null ? '' : `: ${failure}`}` };
    if (this.ledger.clock.controlled && wasEverProduction(this.follower.state)) return { status: 'down', detail: 'a controlled clock, and the ledger of a production host' };
    return { status: 'up', detail: `at position ${position}` };
  }

  private async activate(certificate: CertificateInForce): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const result = await activateHost(certificate, { ...this.ledger, follower: this.follower });
        this.log.info({ result, certificate: certificate.digest }, 'host certificate in the ledger');
        return;
      } catch (error) {
        this.log.warn({ err: error }, 'cannot record the host certificate; trying again');
        await pause(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }
}
