import { createHmac } from 'node:crypto';
import type { RecordedEvent } from '@muster/contracts';
import { base64url32, cloudEventId } from '@muster/contracts';
import { toInstant } from '@muster/kernel';
import type { NoteKey } from '../notes/note-key.js';
import { formatVerifierKey } from '../notes/note-key.js';
import type { CompactRange } from '../tree/frontier.js';

/** docs/audit-pack.md describes the format; `verifier/verify-muster-pack.mjs` reads it. */
export const AUDIT_PACK_FORMAT = 'muster-audit-pack/1';

export const auditPackFiles = { manifest: 'manifest.json', certificates: 'certificates.ndjson', events: 'events.ndjson', checkpoints: 'checkpoints.ndjson' } as const;

export interface AuditPackManifest {
  readonly format: typeof AUDIT_PACK_FORMAT;
  readonly ledger: string;
  /** Of the checkpoints: ends in `/<ledger>`. */
  readonly origin: string;
  readonly from: number;
  /** A checkpoint of exactly this size is in the pack. */
  readonly to: number;
  /** The tree of the events before `from`: base64url. */
  readonly before: { readonly runningHash: string; readonly subtrees: readonly string[] };
  readonly pseudonymised: boolean;
  /** Verifier keys that the ledger says sign its checkpoints; whoever checks has them from elsewhere. */
  readonly keys: readonly string[];
}

/** A host that wrote to the ledger, with the words of its host key for its other keys. Compact JWS, each. */
export interface PackedHost {
  readonly certificate: string;
  readonly intermediate?: string;
  readonly signingKeys?: readonly string[];
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');

export interface PackScope {
  readonly ledger: string;
  readonly origin: string;
  readonly from: number;
  readonly to: number;
  /** As of `from` − 1. */
  readonly before: { readonly runningHash: Uint8Array; readonly range: CompactRange };
  readonly pseudonymised?: boolean;
  readonly keys: readonly NoteKey[];
}

/** @throws Error when `before` is not as of `from` − 1, or the origin is another ledger's */
export const packManifest = ({ ledger, origin, from, to, before: { runningHash, range }, pseudonymised = false, keys }: PackScope): AuditPackManifest => {
  if (range.size !== from - 1) throw new Error(`what came before ${from} are ${from - 1} events, not ${range.size}`);
  if (!origin.endsWith(`/${ledger}`)) throw new Error(`${origin} is not an origin of the ledger ${ledger}`);
  const before = { runningHash: base64url(runningHash), subtrees: range.subtrees.map(base64url) };
  return { format: AUDIT_PACK_FORMAT, ledger, origin, from, to, before, pseudonymised, keys: keys.map(formatVerifierKey) };
};

/** All but the body, in the form of CloudEvents 1.0. No `subject`: no hash covers it, and the body has it. */
const headerOf = ({ ledger, position, recordedAtMs, type, version, actor, requestId, causationId, leafHash, runningHash }: RecordedEvent) => ({
  specversion: '1.0',
  id: cloudEventId(ledger, position),
  source: `/ledgers/${ledger}`,
  type: `muster.${type}.v${version}`,
  time: toInstant(recordedAtMs),
  datacontenttype: 'application/json',
  position,
  actor,
  ...(requestId === null ? {} : { requestid: requestId }),
  ...(causationId === null ? {} : { causationid: cloudEventId(ledger, causationId) }),
  leafhash: base64url(leafHash),
  runninghash: base64url(runningHash),
});

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** One line of `events.ndjson`, without its newline: every field that the leaf hash covers, the body as the exact bytes. */
export const packEvent = (event: RecordedEvent): string => JSON.stringify({ ...headerOf(event), data_base64: bufferOf(event.body).toString('base64') });

const MACHINE_ACTOR = 'machine:';

/**
 * One line of a pack that names no machine: whatever looks like a machine id, in the actor and anywhere in the body, stands under a pseudonym
 * that is the same throughout the packs of one key. Digests look the same, and are hidden with them.
 *
 * Such a line shows the order and number of events; that its content is what the leaf hash was made of, only the ledger can show.
 */
export const packPseudonymousEvent = (event: RecordedEvent, { key }: { readonly key: Uint8Array }): string => {
  const pseudonymOf = (text: string): string => (base64url32.safeParse(text).success ? createHmac('sha256', key).update(text).digest('base64url') : text);
  const hidden = (value: unknown): unknown => {
    if (typeof value === 'string') return pseudonymOf(value);
    if (Array.isArray(value)) return value.map(hidden);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [pseudonymOf(name), hidden(member)]));
  };
  const { actor, ...header } = headerOf(event);
  const pseudonymous = actor.startsWith(MACHINE_ACTOR) ? `${MACHINE_ACTOR}${pseudonymOf(actor.slice(MACHINE_ACTOR.length))}` : actor;
  return JSON.stringify({ ...header, actor: pseudonymous, data: hidden(JSON.parse(bufferOf(event.body).toString('utf8'))) });
};

/** One line of `checkpoints.ndjson`, which goes by ascending size. */
export const packCheckpoint = (note: string): string => JSON.stringify({ note });

/** One line of `certificates.ndjson`. */
export const packHost = (host: PackedHost): string => JSON.stringify(host);

/** One line of a pack that travels as a stream: the manifest, the certificates, then each event and each checkpoint after the event of its size. */
export const packRecord = (kind: 'manifest' | 'certificate' | 'event' | 'checkpoint', line: string): string => `{"${kind}":${line}}`;
