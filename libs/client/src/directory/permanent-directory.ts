import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compactJws, dottedName } from '@muster/contracts';
import { z } from 'zod';
import type { PermanentState } from '../core/permanent/permanent-state.js';
import { newPermanentState, permanentStateSchema } from '../core/permanent/permanent-state.js';

const keySchema = z.strictObject({ key: z.string() });

const revocationsSchema = z.strictObject({
  /** The list with the highest sequence that was seen, as the vendor signed it. */
  list: compactJws.nullable(),
  /** Not to be asked for again before. */
  dueMs: z.int().nonnegative(),
});

/** What is kept of the vendor's revocations. */
export type KeptRevocations = Readonly<z.infer<typeof revocationsSchema>>;

/** The part of a machine's directory that has to do with keys and permanent leases. */
export interface PermanentDirectory {
  loadPermanent(product: string): PermanentState;
  savePermanent(state: PermanentState): void;
  /** Products that a key was ever installed for. */
  permanentProducts(): readonly string[];
  /** The multiple activation key itself. */
  readActivationKey(keyId: string): string | undefined;
  keepActivationKey(keyId: string, key: string): void;
  /** Removes the keys that no product names any more. */
  forgetUnusedKeys(): void;
  revocations(): KeptRevocations;
  keepRevocations(kept: KeptRevocations): void;
  /** Forgets keys, requests and permanent leases. */
  forgetPermanent(): void;
}

interface Files {
  readonly read: <T>(path: string, schema: z.ZodType<T>) => T | undefined;
  readonly write: (path: string, value: object) => void;
}

const jsonNames = (dir: string): readonly string[] => (existsSync(dir) ? readdirSync(dir).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : [])).sort() : []);

export const openPermanentDirectory = (path: string, { read, write }: Files): PermanentDirectory => {
  const statesDir = join(path, 'permanent');
  const keysDir = join(path, 'keys');
  const revocationsFile = join(path, 'revocations.json');
  const stateFile = (product: string): string => join(statesDir, `${dottedName.parse(product)}.json`);
  // The key's own digest: a state always finds the key that it names, whatever crashed while another was installed.
  const keyFile = (keyId: string): string => join(keysDir, `${keyId}.private.json`);

  const loadPermanent = (product: string): PermanentState => read<PermanentState>(stateFile(product), permanentStateSchema) ?? newPermanentState(product);
  return {
    loadPermanent,
    savePermanent: (state) => write(stateFile(state.product), state),
    permanentProducts: () => jsonNames(statesDir),
    readActivationKey: (keyId) => {
      if (!existsSync(keyFile(keyId))) return undefined;
      const parsed = keySchema.safeParse(JSON.parse(readFileSync(keyFile(keyId), 'utf8')));
      return parsed.success ? parsed.data.key : undefined;
    },
    keepActivationKey: (keyId, key) => write(keyFile(keyId), { key }),
    forgetUnusedKeys: () => {
      const named = new Set(jsonNames(statesDir).map((product) => loadPermanent(product).key?.keyId));
      for (const name of jsonNames(keysDir)) if (!named.has(name.replace(/\.private$/, ''))) rmSync(join(keysDir, `${name}.json`), { force: true });
    },
    revocations: () => read(revocationsFile, revocationsSchema) ?? { list: null, dueMs: 0 },
    keepRevocations: (kept) => write(revocationsFile, kept),
    forgetPermanent: () => {
      for (const dir of [statesDir, keysDir]) rmSync(dir, { recursive: true, force: true });
    },
  };
};
