import { readFileSync } from 'node:fs';
import type { HostConfirmation, HostDescription } from '@muster/contracts';
import { base64url32, hostConfirmationSchema, thumbprint } from '@muster/contracts';
import { DAY_SECONDS, toNumericDate } from '@muster/kernel';
import { replaceFile } from '@muster/trust';

/** A confirmation with what it was made for. */
export interface StoredConfirmation {
  readonly host: string;
  readonly policiesDigest: string;
  readonly confirmation: HostConfirmation;
}

export const storeConfirmation = (path: string, stored: StoredConfirmation): void => replaceFile(path, `${JSON.stringify(stored, undefined, 2)}\n`);

const parse = (text: string): StoredConfirmation | undefined => {
  const value = JSON.parse(text) as Partial<Record<keyof StoredConfirmation, unknown>>;
  const [host, policiesDigest, confirmation] = [thumbprint.safeParse(value.host), base64url32.safeParse(value.policiesDigest), hostConfirmationSchema.safeParse(value.confirmation)];
  return host.success && policiesDigest.success && confirmation.success ? { host: host.data, policiesDigest: policiesDigest.data, confirmation: confirmation.data } : undefined;
};

/** What was kept, if anything that can be read was. */
export const readStoredConfirmation = (path: string): StoredConfirmation | undefined => {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

/** Whether applying it again gives the host more than it has, for nothing: after a reinstall, or when it was never applied. */
export const isWorthApplying = ({ host, policiesDigest, confirmation }: StoredConfirmation, described: HostDescription, { hostId, nowMs }: { readonly hostId: string; readonly nowMs: number }): boolean => {
  if (host !== hostId || policiesDigest !== described.hostKey?.policiesDigest) return false;
  const inForce = described.claims?.sub === hostId ? described.claims.iat : 0;
  return confirmation.issuedAt > inForce && confirmation.issuedAt + confirmation.validDays * DAY_SECONDS > toNumericDate(nowMs);
};
