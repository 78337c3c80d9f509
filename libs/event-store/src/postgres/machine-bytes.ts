const MACHINE_BYTES = 32;

/** Writes the 32 bytes that base64url text stands for. @throws Error when there are not exactly so many */
export const fromBase64Url32 = (into: Buffer, at: number, text: string): void => {
  if (text.length !== 43 || into.write(text, at, MACHINE_BYTES, 'base64url') !== MACHINE_BYTES) throw new Error(`not 32 bytes of base64url: ${text}`);
};

/** A machine id, or any other SHA-256, as the column holds it. */
export const machineBytes = (machine: string): Buffer => {
  const bytes = Buffer.allocUnsafe(MACHINE_BYTES);
  fromBase64Url32(bytes, 0, machine);
  return bytes;
};

export const machineText = (bytes: Buffer): string => bytes.toString('base64url');
