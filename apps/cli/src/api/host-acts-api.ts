import type { HostConfirmation, HostConfirmedAnswer, HostKeyInstalledAnswer, HostRetiredAnswer, RevocationsInstalledAnswer, SigningKeyAnnouncedAnswer, SigningKeyChangedAnswer } from '@muster/contracts';
import {
  hostConfirmedAnswerSchema,
  hostKeyInstalledAnswerSchema,
  hostRetiredAnswerSchema,
  revocationsInstalledAnswerSchema,
  signingKeyAnnouncedAnswerSchema,
  signingKeyChangedAnswerSchema,
} from '@muster/contracts';
import { type CalledAs, callerOf } from './caller.js';
import { postJson } from './post-json.js';

/** What an administrator does to the host itself. Every call rejects with `CliFailure`. */
export interface HostActsApi {
  installKey(order: { readonly keyId: string; readonly keyEnding: string; readonly policies: string }): Promise<HostKeyInstalledAnswer>;
  confirm(confirmation: HostConfirmation): Promise<HostConfirmedAnswer>;
  retire(reason: string): Promise<HostRetiredAnswer>;
  announceKey(delegation: string): Promise<SigningKeyAnnouncedAnswer>;
  changeKey(order: { readonly kid: string; readonly reason: 'rotation' | 'compromise' }): Promise<SigningKeyChangedAnswer>;
  installRevocations(list: string): Promise<RevocationsInstalledAnswer>;
}

export const hostActsApi = (access: CalledAs): HostActsApi => {
  const caller = callerOf(access);
  return {
    installKey: (order) => postJson(caller, { path: '/v1/host/keys', order, schema: hostKeyInstalledAnswerSchema }),
    confirm: (confirmation) => postJson(caller, { path: '/v1/host/confirmations', order: { confirmation }, schema: hostConfirmedAnswerSchema }),
    retire: (reason) => postJson(caller, { path: '/v1/host/retirements', order: { reason }, schema: hostRetiredAnswerSchema }),
    announceKey: (delegation) => postJson(caller, { path: '/v1/host/signing-keys', order: { delegation }, schema: signingKeyAnnouncedAnswerSchema }),
    changeKey: (order) => postJson(caller, { path: '/v1/host/signing-key-changes', order, schema: signingKeyChangedAnswerSchema }),
    installRevocations: (list) => postJson(caller, { path: '/v1/revocations', order: { list }, schema: revocationsInstalledAnswerSchema }),
  };
};
