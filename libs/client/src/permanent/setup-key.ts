import { createHash } from 'node:crypto';
import type { ActivationKey, PublicJwk } from '@muster/trust';
import { newActivationKey, thumbprintOf } from '@muster/trust';

/** SHA-256 in counter mode: as many bytes as asked for, the same each time. */
const bytesFrom = (seed: string): ((size: number) => Uint8Array) => {
  let counter = 0;
  return (size) => {
    const blocks: Uint8Array[] = [];
    for (let length = 0; length < size; length += 32) blocks.push(createHash('sha256').update(`${seed}\0${(counter += 1)}`).digest());
    return Buffer.concat(blocks).subarray(0, size);
  };
};

/**
 * The product's setup key: public, the same for everybody, and all that it says is "activate by volume".
 *
 * It follows from the vendor's root key, which is pinned in the product, and the product's name: there is nothing to register, ship or look up.
 */
export const setupKeyOf = ({ root, product }: { readonly root: PublicJwk; readonly product: string }): ActivationKey =>
  newActivationKey('setup', bytesFrom(`muster setup key\0${thumbprintOf(root)}\0${product}`));
