import type { ActivationWay, InstallationRequestPayload, PermanentActivation } from '@muster/contracts';
import { systemDraws } from '@muster/kernel';
import type { VerifiedRequest } from '@muster/trust';
import { verifyInstallationRequest } from '@muster/trust';
import { Inject, Injectable } from '@nestjs/common';
import type { AuthorityWriter } from '../ledger/authority-writer.js';
import type { VendorSigner } from '../vendor/vendor-signer.js';
import { AUTHORITY_WRITER, VENDOR_SIGNER } from '../wiring/tokens.js';
import { drawActivationCommand } from './draw-activation.command.js';

interface Payment {
  readonly keyId: string;
  readonly way: ActivationWay;
}

/** Has a machine's request decided. Its age says nothing: it may have waited for weeks to be carried here. */
@Injectable()
export class SubmitMachineRequest {
  constructor(
    @Inject(AUTHORITY_WRITER) private readonly writer: AuthorityWriter,
    @Inject(VENDOR_SIGNER) private readonly signer: VendorSigner,
  ) {}

  /** @throws Problem `malformed-request`, `signature-invalid` */
  verify(jws: string): Promise<VerifiedRequest<InstallationRequestPayload>> {
    return verifyInstallationRequest(jws);
  }

  /** @throws Problem as the rules have it */
  decide({ machine, payload, contentDigest }: VerifiedRequest<InstallationRequestPayload>, { keyId, way }: Payment): Promise<PermanentActivation> {
    const { product, hardware, evidence, jti } = payload;
    const asked = { keyId, machine, product, hardware, way, evidence };
    return this.writer.submit(drawActivationCommand({ asked, requestId: jti, contentDigest }, systemDraws, this.signer));
  }
}
