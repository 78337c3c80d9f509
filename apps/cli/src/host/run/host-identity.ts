import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DevelopmentVendorFiles } from '@muster/trust';
import { ensureDevelopmentVendor } from '@muster/trust';

/**
 * The host's key and certificate, and the root key that its clients pin: the files that were put into the directory,
 * else those of a development vendor made here.
 */
export const ensureHostIdentity = async (dir: string, nowMs: number): Promise<DevelopmentVendorFiles> => {
  const placed: DevelopmentVendorFiles = {
    rootFile: join(dir, 'vendor-root.public.json'),
    hostKeyFile: join(dir, 'host-key.private.json'),
    hostCertificateFile: join(dir, 'host-certificate.jws'),
  };
  // A vendor's own root key is public here; only a development vendor leaves its private half beside it.
  const complete = Object.values(placed as unknown as Readonly<Record<string, string>>).every((file) => existsSync(file));
  return complete ? placed : ensureDevelopmentVendor({ dir, nowMs });
};
