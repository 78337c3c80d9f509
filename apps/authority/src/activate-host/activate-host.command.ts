import { createHash } from 'node:crypto';
import type { Actor, EventOf, HostActivationAnswer } from '@muster/contracts';
import { canonicalJson } from '@muster/contracts';
import type { ActivateHost, AuthorityState, HostKey } from '@muster/domain';
import { decideHostActivation, hostRefusal } from '@muster/domain';
import type { CommandIdentity } from '@muster/event-store';
import { DAY_SECONDS, Problem, SECOND_MS, toInstant } from '@muster/kernel';
import { encodeConfirmation, hostCertificateIdOf, signHostConfirmation, thumbprintOf, verifyHostPolicies } from '@muster/trust';
import type { AuthorityCommand, PlacedEvent } from '../ledger/authority-command.js';
import { problemOf } from '../ledger/decide-commands.js';
import type { VendorSigner } from '../vendor/vendor-signer.js';
import { hostPoliciesOf } from '../vendor/vendor-signer.js';

export interface HostActivationRequest {
  readonly actor: Actor;
  readonly asked: ActivateHost;
  /** Null for a request that was read out: whoever reads it out again asks again. */
  readonly requestId: string | null;
  /** SHA-256 of the policies file that the host will make its certificate from, where the request says it in full. */
  readonly policiesDigest: string | null;
  /** Whether the request was made with these policies: with others its confirmation would not fit, and be used up. */
  readonly isMadeBy: (policiesDigest: string) => boolean;
}

const identityOf = ({ asked: { keyId, host }, requestId, policiesDigest }: HostActivationRequest): CommandIdentity | null => {
  if (requestId === null) return null;
  const contentDigest = createHash('sha256').update(canonicalJson({ kind: 'host-activation', keyId, policies: policiesDigest })).digest('base64url');
  return { machine: host, requestId, contentDigest };
};

const outdated = (): Problem =>
  new Problem('policies-not-valid', 'The request was made with a policies file that is not the one in force for this key. Fetch the policies again (`muster host install-key`), and ask with a request, or an installation code, that is made with them.');

/** From the recorded event alone, so that the same request gets the same confirmation again. */
const confirm = async ({ policies, hostKey, serial, issuedAt, validDays }: EventOf<'HostCertificateIssued'>['data'], { root, key }: VendorSigner) => {
  const verified = await verifyHostPolicies(policies, { root, atMs: 'any-time' });
  // Of an intermediate that this authority no longer has; the certificate it would sign is not the one that the host makes.
  if (thumbprintOf(verified.signer) !== key.id) throw outdated();
  return signHostConfirmation({ policies: verified, hostPublicKey: { kty: 'OKP', crv: 'Ed25519', x: hostKey }, serial, issuedAt, validDays, vendorKey: key });
};

const answerFrom = async (recorded: PlacedEvent | null, key: HostKey, signer: VendorSigner): Promise<HostActivationAnswer> => {
  const event = recorded?.event;
  if (event?.type === 'HostActivationRefused') throw problemOf(hostRefusal(event.data.reason, key));
  if (event?.type !== 'HostCertificateIssued') throw new Error(`a host was not activated by ${event?.type ?? 'nothing'}`);
  const { host, issuedAt, validDays, activation } = event.data;
  const confirmation = await confirm(event.data, signer);
  return {
    host,
    confirmation,
    confirmationCode: encodeConfirmation(confirmation),
    expiresAt: toInstant((issuedAt + validDays * DAY_SECONDS) * SECOND_MS),
    hostsUsed: key.hosts.size,
    hostsMax: key.hostsMax,
    activationsUsed: Math.max(activation, key.hosts.get(host)?.activations ?? 0),
    activationsPerHostMax: key.activationsPerHostMax,
  };
};

/** A host is activated, or refused with the reason on record. */
export const activateHostCommand = (request: HostActivationRequest, signer: VendorSigner): AuthorityCommand<HostActivationAnswer> => ({
  actor: request.actor,
  identity: identityOf(request),
  decide: async (state, { nowMs }) => {
    const { asked, isMadeBy } = request;
    const [key, catalogue] = [state.hostKeys.get(asked.keyId), state.catalogue];
    const context = { nowMs, signerEndsAt: signer.intermediate.exp, certificateIdOf: (keyId: string, serial: number) => hostCertificateIdOf({ keyId, serial }) };
    // A revoked key may cover a group that the catalogue has dropped: there are no policies to make, and none are needed.
    if (key === undefined || catalogue === null || key.revoked) return decideHostActivation(asked, state, { ...context, policies: '' });
    const policies = await hostPoliciesOf(signer, key, catalogue);
    if (!isMadeBy(policies.digest)) return { status: 'rejected', kind: 'policies-not-valid', detail: outdated().detail };
    return decideHostActivation(asked, state, { ...context, policies: policies.jws });
  },
  answer: (state: AuthorityState) => {
    const key = state.hostKeys.get(request.asked.keyId);
    return (recorded) => {
      if (key === undefined) throw new Error('an event of a key that was never issued');
      return answerFrom(recorded, key, signer);
    };
  },
});
