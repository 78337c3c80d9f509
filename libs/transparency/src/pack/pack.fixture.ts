import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '@muster/contracts';
import { encodeBody, typedColumnsOf } from '@muster/contracts';
import { GENESIS_HASH, leafHash, runningHash } from '@muster/event-store';
import { aHostCertificate, aKey, anEvent, seededDraws, TEST_START_MS } from '@muster/testing';
import { signSigningKey } from '@muster/trust';
import { signCheckpoint } from '../notes/checkpoint.js';
import type { NoteSigner } from '../notes/note-key.js';
import { noteKeyOfSigner } from '../notes/note-key.js';
import { createFrontier } from '../tree/frontier.js';
import type { AuditPackManifest } from './audit-pack.js';
import { auditPackFiles, packCheckpoint, packEvent, packHost, packManifest, packRecord } from './audit-pack.js';

export const VERIFIER = join(import.meta.dirname, '../../verifier/verify-muster-pack.mjs');

export const LEDGER = 'acme';
export const ORIGIN = 'muster.example/berlin/acme';

export const { rootKey, hostKey, certificate } = await aHostCertificate();
/** The host's second key signs the checkpoints: the one that writes leases need not. */
export const signingKey = aKey('checkpoints');
export const signer: NoteSigner = { name: ORIGIN, privateKey: signingKey.privateKey };
const word = await signSigningKey({ hostKey, publicKey: signingKey.publicJwk, iat: certificate.claims.iat });

/** An event before its place and hashes are known. */
export type Fact = Omit<RecordedEvent, 'position' | 'leafHash' | 'runningHash'>;

/** Gives facts the positions and hashes of a ledger that never held anything else: what who holds the database can always do. */
export const sealed = (facts: readonly Fact[]): readonly RecordedEvent[] => {
  let before = GENESIS_HASH;
  return facts.map((fact, index) => {
    const leaf = leafHash({ ...fact, position: index + 1 });
    before = runningHash(before, leaf);
    return { ...fact, position: index + 1, leafHash: leaf, runningHash: before };
  });
};

export const factsOf = (count: number): readonly Fact[] => {
  const draws = seededDraws('facts');
  return Array.from({ length: count }, (_, index) => {
    const event = anEvent(index % 2 === 0 ? 'ActivationRequested' : 'ActivationDeferred', { machine: aKey(`machine:${index >> 1}`).id });
    return {
      ...{ ledger: LEDGER, recordedAtMs: TEST_START_MS + index, type: event.type, version: 1, body: encodeBody(event), columns: typedColumnsOf(event) },
      ...(index % 2 === 0 ? { actor: `machine:${aKey(`machine:${index >> 1}`).id}`, requestId: draws.uuid(), causationId: null } : { actor: 'service:activation', requestId: null, causationId: index }),
    };
  });
};

export interface PackParts {
  readonly manifest: AuditPackManifest;
  readonly certificates: readonly string[];
  readonly events: readonly string[];
  readonly checkpoints: readonly string[];
}

export interface PackOptions {
  readonly from?: number;
  readonly checkpointsAt?: readonly number[];
  readonly by?: NoteSigner;
}

export const noteAt = (events: readonly RecordedEvent[], size: number, by = signer): string => {
  const frontier = createFrontier();
  for (const { leafHash: leaf } of events.slice(0, size)) frontier.append(leaf);
  return signCheckpoint({ origin: ORIGIN, size, root: frontier.root() }, [by]);
};

export const packOf = (events: readonly RecordedEvent[], { from = 1, checkpointsAt = [events.length], by = signer }: PackOptions = {}): PackParts => {
  const frontier = createFrontier();
  for (const { leafHash: leaf } of events.slice(0, from - 1)) frontier.append(leaf);
  const before = { runningHash: events[from - 2]?.runningHash ?? GENESIS_HASH, range: frontier.range() };
  return {
    manifest: packManifest({ ledger: LEDGER, origin: ORIGIN, from, to: events.length, before, keys: [noteKeyOfSigner(by)] }),
    certificates: [packHost({ certificate: certificate.jws, signingKeys: [word] })],
    events: events.slice(from - 1).map(packEvent),
    checkpoints: checkpointsAt.map((size) => packCheckpoint(noteAt(events, size, by))),
  };
};

export interface Outcome {
  readonly code: number | null;
  readonly report: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly stderr: string;
}

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

const run = (args: readonly string[], input = ''): Outcome => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [VERIFIER, '--json', '--quiet', ...args], { encoding: 'utf8', input });
  return { code: status, report: stdout.startsWith('{') ? (JSON.parse(stdout) as Outcome['report']) : {}, text: stdout, stderr };
};

/** Runs the verifier on files that are named `@name` in its arguments; `@root.json` is the vendor's. */
export const verifyBeside = (files: Readonly<Record<string, string | Buffer>>, args: readonly string[]): Outcome => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-pack-'));
  try {
    mkdirSync(join(directory, 'pack'));
    for (const [name, content] of Object.entries({ 'root.json': JSON.stringify(rootKey.publicJwk), ...files })) writeFileSync(join(directory, name), content);
    return run(args.map((arg) => (arg.startsWith('@') ? join(directory, arg.slice(1)) : arg)));
  } finally {
    rmSync(directory, { recursive: true });
  }
};

export interface VerifyOptions {
  readonly args?: readonly string[];
  /** Files that an auditor has beside the pack. */
  readonly beside?: Readonly<Record<string, string>>;
  /** Files of the pack, byte for byte. */
  readonly raw?: Readonly<Record<string, string | Buffer>>;
}

/** Runs the verifier on a pack in a directory. */
export const verifyPack = (parts: Partial<PackParts>, { args = ['--vendor-root', '@root.json'], beside = {}, raw = {} }: VerifyOptions = {}): Outcome => {
  const files = Object.entries({
    ...(parts.manifest === undefined ? {} : { [auditPackFiles.manifest]: JSON.stringify(parts.manifest) }),
    ...Object.fromEntries((['certificates', 'events', 'checkpoints'] as const).flatMap((kind) => (parts[kind] === undefined ? [] : [[auditPackFiles[kind], lines(parts[kind])]]))),
    ...raw,
  });
  return verifyBeside({ ...beside, ...Object.fromEntries(files.map(([name, content]) => [`pack/${name}`, content])) }, [...args, '@pack']);
};

/** The same pack as a stream: each checkpoint after the event of its size. */
export const streamOf = ({ manifest, certificates, events, checkpoints }: PackParts): string => {
  const waiting = [...checkpoints];
  const sizeOf = (line: string): number => Number((JSON.parse(line) as { note: string }).note.split('\n')[1]);
  const records = [packRecord('manifest', JSON.stringify(manifest)), ...certificates.map((line) => packRecord('certificate', line))];
  events.forEach((line, index) => {
    records.push(packRecord('event', line));
    while (waiting[0] !== undefined && sizeOf(waiting[0]) <= manifest.from + index) records.push(packRecord('checkpoint', waiting.shift()!));
  });
  return lines([...records, ...waiting.map((line) => packRecord('checkpoint', line))]);
};

export const verifyStream = (stream: string, args: readonly string[]): Outcome => run([...args, '-'], stream);
