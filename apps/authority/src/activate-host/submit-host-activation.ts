import type { Actor, ConfirmationWay, HostActivationAnswer } from '@muster/contracts';
import { Problem } from '@muster/kernel';
import { decodeInstallation, isMadeBy, thumbprintOf, verifyHostActivationRequest } from '@muster/trust';
import { Inject, Injectable } from '@nestjs/common';
import { typedKey } from '../body/typed-key.js';
import type { AuthorityWriter } from '../ledger/authority-writer.js';
import type { VendorSigner } from '../vendor/vendor-signer.js';
import { AUTHORITY_WRITER, VENDOR_SIGNER } from '../wiring/tokens.js';
import { activateHostCommand } from './activate-host.command.js';

interface SignedRequest {
  readonly key: string;
  /** Compact JWS. */
  readonly signed: string;
  readonly way: Exclude<ConfirmationWay, 'telephone'>;
  readonly actor: Actor;
}

interface SpokenRequest {
  readonly key: string;
  readonly installationCode: string;
  readonly requestId: string | null;
  readonly actor: Actor;
}

/** Reads a host's request, however it came, and has it decided. */
@Injectable()
export class SubmitHostActivation {
  constructor(
    @Inject(AUTHORITY_WRITER) private readonly writer: AuthorityWriter,
    @Inject(VENDOR_SIGNER) private readonly signer: VendorSigner,
  ) {}

  /** @throws Problem `key-misread`, `malformed-request`, `signature-invalid`, or as the rules have it */
  async signed({ key, signed, way, actor }: SignedRequest): Promise<HostActivationAnswer> {
    const { keyId } = typedKey(key, 'host');
    const { host, hostPublicKey, payload } = await verifyHostActivationRequest(signed);
    if (payload.keyId !== keyId) throw new Problem('malformed-request', 'The request was made with another host key than the one beside it.');
    const asked = { keyId, host, hostKey: hostPublicKey.x, way };
    const { jti: requestId, policies: policiesDigest } = payload;
    return this.writer.submit(activateHostCommand({ actor, asked, requestId, policiesDigest, isMadeBy: (digest) => digest === policiesDigest }, this.signer));
  }

  /** @throws Problem `key-misread`, `code-misread` (extension `groups`), or as the rules have it */
  async spoken({ key, installationCode, requestId, actor }: SpokenRequest): Promise<HostActivationAnswer> {
    const { keyId } = typedKey(key, 'host');
    const decoded = decodeInstallation(installationCode);
    if (decoded.status === 'misread') throw new Problem('code-misread', decoded.detail, { extensions: { groups: decoded.groups.join(', ') } });
    const asked = { keyId, host: thumbprintOf(decoded.hostPublicKey), hostKey: decoded.hostPublicKey.x, way: 'telephone' as const };
    return this.writer.submit(activateHostCommand({ actor, asked, requestId, policiesDigest: null, isMadeBy: (digest) => isMadeBy(decoded, digest) }, this.signer));
  }
}
