import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { SigningKey } from '@muster/trust';
import { generateKeyPair, readPrivateKeyFile, writePrivateKeyFile } from '@muster/trust';
import { CliFailure } from '../failure/cli-failure.js';
import { writeAtomically } from '../files/write-atomically.js';
import type { ActivationWish } from '../activation/activate-machine.js';

/** What the host last said about one product. */
export interface LastAnswer {
  readonly outcome: 'granted' | 'deferred';
  readonly host: string;
  readonly at: string;
  readonly count: number;
  readonly threshold: number;
  readonly retryAfterSeconds: number;
}

/**
 * A machine's private directory: its key, and for each product the request under way, the lease and the last answer.
 * Every file is replaced whole.
 */
export interface MachineDir {
  readonly path: string;
  readonly rootFile: string;
  products(): readonly string[];
  /** The request that was sent, or was about to be, and whose outcome is not known yet. */
  pending(product: string): ActivationWish | undefined;
  setPending(wish: ActivationWish): void;
  clearPending(product: string): void;
  lease(product: string): string | undefined;
  setLease(product: string, lease: string): void;
  setReceipt(product: string, receipt: string): void;
  answer(product: string): LastAnswer | undefined;
  setAnswer(product: string, answer: LastAnswer): void;
}

const OWNER_ONLY = 0o700;
const GROUP_OR_WORLD = 0o077;
const KEY_FILE = 'machine-key.private.json';
const PRODUCTS = 'products';

/** `--dir`, else MUSTER_MACHINE_DIR, else `~/.muster-machine`. */
export const machineDirPath = (dir: string | undefined): string => resolve(dir ?? (process.env['MUSTER_MACHINE_DIR'] || join(homedir(), '.muster-machine')));

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const readJson = <T>(path: string): T | undefined => {
  const text = readText(path);
  return text === undefined ? undefined : (JSON.parse(text) as T);
};

export const openMachineDir = (path: string): MachineDir => {
  const file = (product: string, name: string): string => join(path, PRODUCTS, product, name);
  const write = (product: string, name: string, content: string): void => writeAtomically(file(product, name), `${content}\n`);
  return {
    path,
    rootFile: join(path, 'vendor-root.public.json'),
    // A product whose first request was refused leaves nothing but an empty directory.
    products: () => (existsSync(join(path, PRODUCTS)) ? readdirSync(join(path, PRODUCTS)).filter((product) => readdirSync(join(path, PRODUCTS, product)).length > 0).sort() : []),
    pending: (product) => readJson(file(product, 'request.json')),
    setPending: (wish) => write(wish.product, 'request.json', JSON.stringify(wish, undefined, 2)),
    clearPending: (product) => rmSync(file(product, 'request.json'), { force: true }),
    lease: (product) => readText(file(product, 'lease.jws')),
    setLease: (product, lease) => write(product, 'lease.jws', lease),
    setReceipt: (product, receipt) => write(product, 'receipt.jws', receipt),
    answer: (product) => readJson(file(product, 'answer.json')),
    setAnswer: (product, answer) => write(product, 'answer.json', JSON.stringify(answer, undefined, 2)),
  };
};

/** The machine's key, made and kept on first use. */
export const ensureMachineKey = async (path: string): Promise<SigningKey> => {
  mkdirSync(path, { recursive: true, mode: OWNER_ONLY });
  if ((statSync(path).mode & GROUP_OR_WORLD) !== 0 && !existsSync(join(path, KEY_FILE))) chmodSync(path, OWNER_ONLY);
  const keyFile = join(path, KEY_FILE);
  if (!existsSync(keyFile)) await writePrivateKeyFile(keyFile, generateKeyPair());
  return readPrivateKeyFile(keyFile);
};

/** @throws CliFailure `notFound` when no machine was ever kept there */
export const readMachineKey = async (path: string): Promise<SigningKey> => {
  if (!existsSync(join(path, KEY_FILE))) {
    throw new CliFailure('notFound', `No machine is kept in ${path}.`, { remedy: 'Make one with `muster machine activate --product PRODUCT`, or name its directory with --dir.' });
  }
  return readPrivateKeyFile(join(path, KEY_FILE));
};
