import type {
  AnnounceSigningKey,
  ChangeSigningKey,
  ConfirmHostActivation,
  HostConfirmedAnswer,
  HostKeyInstalledAnswer,
  HostRetiredAnswer,
  InstallHostKey,
  InstallRevocations,
  RetireHost,
  RevocationsInstalledAnswer,
  SigningKeyAnnouncedAnswer,
  SigningKeyChangedAnswer,
} from '@muster/contracts';
import { announceSigningKeySchema, changeSigningKeySchema, confirmHostActivationSchema, installHostKeySchema, installRevocationsSchema, retireHostSchema, subjects } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import type { Follower } from '@muster/event-store';
import type { HostCredentials, SigningKeys } from '@muster/issuance';
import { LOG, type Log } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { HostAct, HostActParts, HostActPlace } from '../wiring/record-host-act.js';
import { recordHostAct } from '../wiring/record-host-act.js';
import { CREDENTIALS, HOST_FOLLOWER, SIGNING_KEYS, WRITTEN_LEDGER } from '../wiring/tokens.js';
import type { WrittenLedger } from '../wiring/written-ledger.js';
import type { HostActTools } from './host-acts.js';
import { announceKey, changeKey, confirm, installKey, installRevocations, retire } from './host-acts.js';

/** What an administrator does to the host itself; that it is one, the gateway has checked. */
@Controller()
export class AdministerHostController {
  private readonly parts: HostActParts;
  private readonly tools: HostActTools;

  constructor(
    @Inject(WRITTEN_LEDGER) ledger: WrittenLedger,
    @Inject(HOST_FOLLOWER) follower: Follower<HostState>,
    @Inject(CREDENTIALS) credentials: HostCredentials,
    @Inject(SIGNING_KEYS) keys: SigningKeys,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.tools = { credentials, keys, clock: ledger.clock };
    this.parts = { ...ledger, follower };
  }

  @MessagePattern(subjects.hostInstallKey)
  installKey(@Payload({ schema: installHostKeySchema }) order: InstallHostKey): Promise<HostKeyInstalledAnswer> {
    return this.record('host key installed', installKey(order, this.tools));
  }

  @MessagePattern(subjects.hostConfirm)
  confirm(@Payload({ schema: confirmHostActivationSchema }) order: ConfirmHostActivation): Promise<HostConfirmedAnswer> {
    return this.record('host activated', confirm(order, this.tools));
  }

  @MessagePattern(subjects.hostRetire)
  retire(@Payload({ schema: retireHostSchema }) order: RetireHost): Promise<HostRetiredAnswer> {
    return this.record('host retired', retire(order));
  }

  @MessagePattern(subjects.hostAnnounceKey)
  announceKey(@Payload({ schema: announceSigningKeySchema }) order: AnnounceSigningKey): Promise<SigningKeyAnnouncedAnswer> {
    return this.record('signing key announced', announceKey(order, this.tools));
  }

  @MessagePattern(subjects.hostChangeKey)
  changeKey(@Payload({ schema: changeSigningKeySchema }) order: ChangeSigningKey): Promise<SigningKeyChangedAnswer> {
    return this.record('signing key changed', changeKey(order, this.tools));
  }

  @MessagePattern(subjects.hostInstallRevocations)
  installRevocations(@Payload({ schema: installRevocationsSchema }) order: InstallRevocations): Promise<RevocationsInstalledAnswer> {
    return this.record('revocation list installed', installRevocations(order, this.tools));
  }

  private async record<Answer extends HostActPlace>(what: string, act: HostAct<Answer>): Promise<Answer> {
    const answer = await recordHostAct(act, this.parts);
    if (answer.recorded) this.log.warn({ actor: act.actor, ...answer }, what);
    return answer;
  }
}
