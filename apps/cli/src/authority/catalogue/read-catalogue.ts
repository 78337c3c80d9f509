import { readFileSync } from 'node:fs';
import type { VendorCatalogue } from '@muster/contracts';
import { vendorCatalogueSchema } from '@muster/contracts';
import { CliFailure } from '../../failure/cli-failure.js';

const pointerOf = (path: readonly PropertyKey[]): string => path.map((key) => `/${String(key)}`).join('');

/** Everything that is wrong with a catalogue, one line each; or the catalogue. */
export const parseCatalogue = (text: string): { readonly catalogue: VendorCatalogue } | { readonly issues: readonly string[] } => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { issues: [`it is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const parsed = vendorCatalogueSchema.safeParse(value);
  if (parsed.success) return { catalogue: parsed.data };
  return { issues: parsed.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${pointerOf(path)}: ${message}`)) };
};

/** @throws CliFailure `usage` with every fault of the file, `notFound` when there is none */
export const readCatalogue = (file: string): VendorCatalogue => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliFailure('notFound', `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}.`, { cause: error });
  }
  const read = parseCatalogue(text);
  if ('catalogue' in read) return read.catalogue;
  throw new CliFailure('usage', [`${file} is not a catalogue:`, ...read.issues.map((issue) => `  ${issue}`)].join('\n'));
};
