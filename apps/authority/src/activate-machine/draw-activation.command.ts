import { createHash } from 'node:crypto';
import type { EventOf, PermanentActivation } from '@muster/contracts';
import { canonicalJson } from '@muster/contracts';
import type { DrawActivation, MultipleActivationKey } from '@muster/domain';
import { decideDraw, drawRefusal } from '@muster/domain';
import { hardwareDigestOf, signPermanentLease } from '@muster/trust';
import type { AuthorityCommand, PlacedEvent } from '../ledger/authority-command.js';
import { problemOf } from '../ledger/decide-commands.js';
import type { VendorSigner } from '../vendor/vendor-signer.js';
import { signedAt } from '../vendor/vendor-signer.js';

export interface MachineRequest {
  readonly asked: DrawActivation;
  readonly requestId: string;
  /** Of what the machine signed. */
  readonly contentDigest: string;
}

/** Which key pays is part of what decides: the same request with another key is another request. */
const withKey = (contentDigest: string, keyId: string): string => createHash('sha256').update(canonicalJson({ contentDigest, keyId })).digest('base64url');

/** From the recorded event alone, so that the same request gets the same lease again. */
const leaseOf = ({ machine, product, leaseId, hardware, issuedAt }: EventOf<'MultipleActivationKeyUsed'>['data'], position: number, { organisation }: MultipleActivationKey, signer: VendorSigner): Promise<string> =>
  signPermanentLease({
    claims: {
      iss: signer.vendor,
      sub: machine,
      aud: product,
      iat: signedAt(signer, Date.parse(issuedAt)),
      jti: leaseId,
      permanent: true,
      organisation,
      cnf: { jkt: machine },
      hardware: hardwareDigestOf(hardware),
      position,
      chain: [...signer.chain],
    },
    vendorKey: signer.key,
  });

/** A machine is activated for ever, or refused with the reason on record. */
export const drawActivationCommand = ({ asked, requestId, contentDigest }: MachineRequest, draws: { readonly uuid: () => string }, signer: VendorSigner): AuthorityCommand<PermanentActivation> => ({
  actor: `machine:${asked.machine}`,
  identity: { machine: asked.machine, requestId, contentDigest: withKey(contentDigest, asked.keyId) },
  decide: (state, { nowMs }) => decideDraw(asked, state, { nowMs, leaseId: draws.uuid() }),
  answer: (state) => {
    const key = state.multipleActivationKeys.get(asked.keyId);
    const product = state.catalogue?.catalogue.products.find(({ name }) => name === asked.product);
    return async (recorded: PlacedEvent | null): Promise<PermanentActivation> => {
      const event = recorded?.event;
      if (key === undefined || recorded === null) throw new Error('an event of a key that was never issued');
      if (event?.type === 'MultipleActivationRefused') throw problemOf(drawRefusal(event.data.reason, key, product));
      if (event?.type !== 'MultipleActivationKeyUsed') throw new Error(`a machine was not activated by ${event?.type ?? 'nothing'}`);
      const { machine, leaseId, issuedAt, drawn, remaining } = event.data;
      const lease = await leaseOf(event.data, recorded.position, key, signer);
      return { outcome: 'granted', machine, product: event.data.product, leaseId, lease, issuedAt, drawn, remaining };
    };
  },
});
