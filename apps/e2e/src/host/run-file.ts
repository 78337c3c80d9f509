import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type PartKind = 'postgres' | 'nats' | 'authority' | 'gateway' | 'activation' | 'lease-renewal' | 'counting' | 'dns-registrar';

export interface RunningPart {
  readonly name: string;
  readonly kind: PartKind;
  readonly pid: number;
  readonly port: number;
}

/** What `run.json` in a host's data directory says: there once all is ready, written anew when a part was restarted. */
export interface RunFile {
  readonly pid: number;
  readonly url: string;
  readonly parts: readonly RunningPart[];
}

/** @throws Error while there is none */
export const readRunFile = (dataDir: string): RunFile => JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as RunFile;
