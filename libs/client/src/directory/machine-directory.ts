import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dottedName } from '@muster/contracts';
import type { PublicJwk, SigningKey } from '@muster/trust';
import { generateKeyPair, readPrivateKeyFile, readPublicKeyFile, replaceFile, writePrivateKeyFile } from '@muster/trust';
import { z } from 'zod';
import type { DiscoveryState } from '../core/discovery/discovery-state.js';
import { discoveryStateSchema, noDiscovery } from '../core/discovery/discovery-state.js';
import type { MachineState } from '../core/machine-state.js';
import { machineStateSchema } from '../core/machine-state.js';
import { DOMAINS_MAX } from '../core/discovery/domains.js';
import type { DiscoveryMemory } from '../shell/ports.js';
import type { PermanentDirectory } from './permanent-directory.js';
import { openPermanentDirectory } from './permanent-directory.js';

const OWNER_ONLY = 0o700;
const GROUP_OR_WORLD = 0o077;
const ROOT = 0;
/** More than any resolver asks. */
const RESOLVERS_MAX = 8;

/** What an administrator set for the whole machine. */
const settingsSchema = z.strictObject({
  hosts: z.array(z.string()).max(100),
  virtual: z.boolean(),
  /** The vendor's authority, for multiple activation keys. */
  authority: z.string().max(2048).optional(),
  /** How hosts are found by DNS; left out where nobody set a domain. */
  dns: z
    .strictObject({
      domains: z.array(z.string().max(255)).min(1).max(DOMAINS_MAX),
      site: z.string().max(63).optional(),
      label: z.string().max(63).optional(),
      searchParents: z.boolean().optional(),
      allowHttp: z.boolean().optional(),
      resolvers: z.array(z.string().max(64)).max(RESOLVERS_MAX).optional(),
    })
    .optional(),
});
export type MachineSettings = Readonly<z.infer<typeof settingsSchema>>;

const noSettings: MachineSettings = { hosts: [], virtual: false };

/**
 * A machine's private directory: its key, the vendor's root key, its settings, and one file for each product.
 * Every file is replaced whole.
 */
export interface MachineDirectory extends PermanentDirectory, DiscoveryMemory {
  readonly path: string;
  /** Where the vendor's public root key is kept. */
  readonly rootFile: string;
  /** Makes the directory, for its owner alone. */
  prepare(): void;
  /** The machine's key; made on first use. */
  ensureKey(): Promise<SigningKey>;
  /** Undefined when no machine was ever kept here. */
  readKey(): Promise<SigningKey | undefined>;
  readRoot(): Promise<PublicJwk | undefined>;
  keepRoot(root: PublicJwk): void;
  products(): readonly string[];
  /** Undefined when the product was never asked for; a damaged file is put aside, and the machine asks again. */
  load(product: string): MachineState | undefined;
  save(state: MachineState): void;
  settings(): MachineSettings;
  keepSettings(settings: MachineSettings): void;
  /** Forgets who the machine is and what it holds, before its disk is copied to others. Settings and root key stay. */
  generalize(): void;
}

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const readChecked = <T>(path: string, schema: z.ZodType<T>): T | undefined => {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // Kept for whoever wants to know; nothing in it is worth more than a new request.
    renameSync(path, `${path}.damaged`);
    return undefined;
  }
};

export const openMachineDirectory = (path: string): MachineDirectory => {
  const file = (name: string): string => join(path, name);
  const keyFile = file('machine-key.private.json');
  const rootFile = file('vendor-root.public.json');
  const settingsFile = file('settings.json');
  const productsDir = file('products');
  const discoveryFile = file('discovery.json');
  const stateFile = (product: string): string => join(productsDir, `${dottedName.parse(product)}.json`);

  const prepare = (): void => {
    mkdirSync(productsDir, { recursive: true, mode: OWNER_ONLY });
    if ((statSync(path).mode & GROUP_OR_WORLD) !== 0 && !existsSync(keyFile)) chmodSync(path, OWNER_ONLY);
  };
  /** An administrator who types a command is root; the daemon that owns the directory must be able to read what came of it. */
  const leaveToOwner = (...made: readonly string[]): void => {
    const { uid, gid } = statSync(path);
    if (process.getuid?.() === ROOT && uid !== ROOT) for (const one of made) chownSync(one, uid, gid);
  };
  const write = (target: string, value: object): void => {
    prepare();
    mkdirSync(dirname(target), { recursive: true, mode: OWNER_ONLY });
    replaceFile(target, `${JSON.stringify(value, undefined, 2)}\n`);
    leaveToOwner(productsDir, dirname(target), target);
  };
  const permanent = openPermanentDirectory(path, { read: readChecked, write });
  return {
    ...permanent,
    path,
    rootFile,
    prepare,
    ensureKey: async () => {
      prepare();
      if (!existsSync(keyFile)) {
        await writePrivateKeyFile(keyFile, generateKeyPair());
        leaveToOwner(productsDir, keyFile);
      }
      return readPrivateKeyFile(keyFile);
    },
    readKey: async () => (existsSync(keyFile) ? readPrivateKeyFile(keyFile) : undefined),
    readRoot: async () => (existsSync(rootFile) ? readPublicKeyFile(rootFile) : undefined),
    keepRoot: (root) => write(rootFile, root),
    products: () => {
      const asked = existsSync(productsDir) ? readdirSync(productsDir).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : [])) : [];
      return [...new Set([...asked, ...permanent.permanentProducts()])].sort();
    },
    load: (product) => readChecked<MachineState>(stateFile(product), machineStateSchema),
    save: (state) => write(stateFile(state.product), state),
    settings: () => readChecked(settingsFile, settingsSchema) ?? noSettings,
    keepSettings: (settings) => write(settingsFile, settings),
    discovery: () => readChecked<DiscoveryState>(discoveryFile, discoveryStateSchema) ?? noDiscovery,
    keepDiscovery: (state) => write(discoveryFile, state),
    generalize: () => {
      rmSync(keyFile, { force: true });
      rmSync(productsDir, { recursive: true, force: true });
      rmSync(discoveryFile, { force: true }); // else every copy would begin with one and the same host
      permanent.forgetPermanent();
    },
  };
};
