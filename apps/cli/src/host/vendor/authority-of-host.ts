import type { HostActivationAnswer, HostPoliciesAnswer, RevocationsAnswer } from '@muster/contracts';
import { hostActivationAnswerSchema, hostPoliciesAnswerSchema, revocationsAnswerSchema } from '@muster/contracts';
import { mayCarryToken, parseHostUrl } from '../../access/host-url.js';
import type { Caller } from '../../api/caller.js';
import { callerOf } from '../../api/caller.js';
import { postJson } from '../../api/post-json.js';
import { CliFailure } from '../../failure/cli-failure.js';

/** The vendor's authority, as a host sees it. The key is the only proof of who asks. */
export interface AuthorityOfHost {
  policies(key: string): Promise<HostPoliciesAnswer>;
  activate(order: { readonly key: string; readonly request: string }): Promise<HostActivationAnswer>;
  revocations(): Promise<RevocationsAnswer>;
}

const READ_TIMEOUT_MS = 10_000;

const REMEDIES = {
  unreachable: 'Is the address right? Without a way to the authority: `muster host installation-code`, then `muster host confirm`.',
  token: 'The key is the only proof of who asks. Is it the one that your vendor sent?',
};

/** @throws CliFailure `authentication` for an address to which the key would travel unencrypted */
export const authorityOfHost = (address: string): AuthorityOfHost => {
  const url = parseHostUrl(address);
  if (!mayCarryToken(url)) throw new CliFailure('authentication', `The host key is not sent to ${url}: on the way there it would be readable by others.`, { remedy: 'Use the https address of the authority.' });
  const caller: Caller = callerOf({ url, token: undefined }, REMEDIES);
  return {
    policies: (key) => postJson(caller, { path: '/v1/host-policies', order: { key }, schema: hostPoliciesAnswerSchema, open: true }),
    activate: (order) => postJson(caller, { path: '/v1/host-activations', order, schema: hostActivationAnswerSchema, open: true }),
    revocations: () => caller.json({ path: '/v1/revocations', open: true, schema: revocationsAnswerSchema, timeoutMs: READ_TIMEOUT_MS }),
  };
};
