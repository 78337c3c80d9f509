import { readFileSync, rmSync } from 'node:fs';
import { replaceFile } from '@muster/trust';
import { dataDirPaths } from './data-dir.js';

export type PartKind = 'postgres' | 'nats' | 'authority' | 'gateway' | 'activation' | 'lease-renewal' | 'counting' | 'dns-registrar';

/** A running part of a local host: a process of its own. */
export interface RunningPart {
  readonly name: string;
  readonly kind: PartKind;
  readonly pid: number;
  readonly port: number;
}

/** What runs on a data directory, kept current in `run.json` while it does. */
export interface RunFile {
  /** Of the launcher, which starts and stops all parts. */
  readonly pid: number;
  readonly startedAt: string;
  readonly url: string;
  /** SHA-256 of the certificate that the gateway shows, where it speaks TLS. */
  readonly certificate?: string;
  readonly parts: readonly RunningPart[];
}

export const writeRunFile = (dataDir: string, run: RunFile): void => replaceFile(dataDirPaths(dataDir).runFile, `${JSON.stringify(run, undefined, 2)}\n`);

export const removeRunFile = (dataDir: string): void => rmSync(dataDirPaths(dataDir).runFile, { force: true });

/** What the file says, also when it was left by an unclean stop; undefined when there is none. */
export const readRunFile = (dataDir: string): RunFile | undefined => {
  try {
    const run = JSON.parse(readFileSync(dataDirPaths(dataDir).runFile, 'utf8')) as RunFile;
    return typeof run.url === 'string' && Number.isInteger(run.pid) && Array.isArray(run.parts) ? run : undefined;
  } catch {
    return undefined;
  }
};

/** Whether a process has this pid now. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** What runs on the data directory now. */
export const readLiveRun = (dataDir: string): RunFile | undefined => {
  const run = readRunFile(dataDir);
  return run !== undefined && isAlive(run.pid) ? run : undefined;
};
