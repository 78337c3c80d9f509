import type { EventOf, FirmwareEvidence, MultipleActivationRefusalReason, ProductPolicy, VendorCatalogue } from '@muster/contracts';
import { isSameHardware } from '@muster/contracts';
import { toInstant } from '@muster/kernel';
import { qualify } from '../qualification/qualify.rule.js';
import type { Rejection } from '../activation/screen-request.rule.js';
import type { AuthorityDecision } from './authority.decision.js';
import { keyUnknown, record, refuse, rejected } from './authority.decision.js';
import type { AuthorityState, MultipleActivationKey } from './authority.fold.js';
import { drawnBy } from './authority.fold.js';

type Used = EventOf<'MultipleActivationKeyUsed'>['data'];

/** A machine asks for a permanent activation, and this key is to pay for it. */
export interface DrawActivation extends Pick<Used, 'keyId' | 'machine' | 'product' | 'hardware' | 'way'> {
  readonly evidence: FirmwareEvidence | undefined;
}

export interface DrawContext {
  readonly nowMs: number;
  readonly leaseId: string;
}

const rankOf = ({ groups }: VendorCatalogue, name: string): number | undefined => groups.find((group) => group.name === name)?.rank;

/** A key of a higher group also pays for the lower ones, as hosts serve them (S6). */
const covers = (catalogue: VendorCatalogue, key: MultipleActivationKey, product: ProductPolicy): boolean => {
  const [mine, theirs] = [rankOf(catalogue, key.group), rankOf(catalogue, product.group)];
  return mine !== undefined && theirs !== undefined && theirs <= mine;
};

interface Asked {
  readonly key: MultipleActivationKey;
  readonly product: ProductPolicy;
  readonly catalogue: VendorCatalogue;
  /** The same machine on the same hardware has paid already. */
  readonly repeated: boolean;
}

const refusalOf = ({ key, product, catalogue, repeated }: Asked, { evidence }: DrawActivation): MultipleActivationRefusalReason | undefined => {
  if (key.revoked) return 'key-revoked';
  if (!covers(catalogue, key, product)) return 'group-not-covered';
  if (!qualify(product.qualification, evidence).qualifies) return 'qualification-missing';
  return repeated || key.used < key.allowance ? undefined : 'allowance-exhausted';
};

const refusalDetail = (reason: MultipleActivationRefusalReason, { keyEnding, group, allowance }: MultipleActivationKey, product: ProductPolicy | undefined): string => {
  switch (reason) {
    case 'allowance-exhausted':
      return `All ${allowance} activations of this key, which ends in ${keyEnding}, are used. Ask the vendor to raise the allowance, or for another key.`;
    case 'key-revoked':
      return `The vendor revoked this key, which ends in ${keyEnding}. Ask the vendor for another one.`;
    case 'group-not-covered':
      return `This key is for ${group}, which does not cover ${product?.name ?? 'the product'}. Use the key for its group.`;
    case 'qualification-missing':
      return product?.qualification?.remedy ?? 'The product is licensed as an upgrade, and nothing on this machine shows that it qualifies for one.';
    default:
      return reason satisfies never;
  }
};

/** Why a machine was refused, and what its administrator can do. */
export const drawRefusal = (reason: MultipleActivationRefusalReason, key: MultipleActivationKey, product: ProductPolicy | undefined): Rejection =>
  rejected(reason, refusalDetail(reason, key, product), { keyEnding: key.keyEnding });

/** Decides a permanent activation whose request is new to the ledger. The same machine on the same hardware is confirmed again for nothing. */
export const decideDraw = (asked: DrawActivation, state: AuthorityState, context: DrawContext): AuthorityDecision => {
  const key = state.multipleActivationKeys.get(asked.keyId);
  if (key === undefined || state.catalogue === null) return keyUnknown();
  const { catalogue } = state.catalogue;
  const product = catalogue.products.find(({ name }) => name === asked.product);
  if (product === undefined) return rejected('unknown-product', `The vendor's catalogue lists no product ${asked.product}.`);
  const before = state.drawn.get(drawnBy(asked));
  const repeated = before !== undefined && isSameHardware(before, asked.hardware);
  const { keyId, machine, hardware, evidence, way } = asked;
  const subject = { keyId, machine, product: product.name, way, ...(evidence === undefined ? {} : { evidence: [...evidence] }) };
  const reason = refusalOf({ key, product, catalogue, repeated }, asked);
  if (reason !== undefined) return state.refused.get(drawnBy(asked)) === reason ? drawRefusal(reason, key, product) : refuse({ type: 'MultipleActivationRefused', data: { ...subject, reason } });
  const used = key.used + (repeated ? 0 : 1);
  return record({
    type: 'MultipleActivationKeyUsed',
    data: { ...subject, hardware, leaseId: context.leaseId, drawn: !repeated, remaining: Math.max(0, key.allowance - used), issuedAt: toInstant(context.nowMs) },
  });
};
