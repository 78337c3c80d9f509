import { toInstant } from '@muster/kernel';
import { z } from 'zod';
import { instant } from '../formats.js';
import type { RecordedEvent } from '../events/envelope.js';

/** CloudEvents 1.0 with Muster's extension attributes: the form in which events leave the system. */
export const cloudEventSchema = z.strictObject({
  specversion: z.literal('1.0'),
  id: z.string().describe('ledger and position, unique for ever'),
  source: z.string().describe('/ledgers/{ledger}'),
  type: z.string().describe('muster.{EventType}.v{version}'),
  subject: z.string().optional().describe('the machine, where there is one'),
  time: instant,
  datacontenttype: z.literal('application/json'),
  data: z.record(z.string(), z.unknown()),
  position: z.int().positive(),
  actor: z.string(),
  requestid: z.string().optional(),
  causationid: z.string().optional(),
  leafhash: z.string(),
  runninghash: z.string(),
});

export type CloudEvent = Readonly<z.infer<typeof cloudEventSchema>>;

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');

export const cloudEventId = (ledger: string, position: number): string => `${ledger}:${position}`;

export const toCloudEvent = (event: RecordedEvent): CloudEvent => ({
  specversion: '1.0',
  id: cloudEventId(event.ledger, event.position),
  source: `/ledgers/${event.ledger}`,
  type: `muster.${event.type}.v${event.version}`,
  ...(event.columns.machine === null ? {} : { subject: event.columns.machine }),
  time: toInstant(event.recordedAtMs),
  datacontenttype: 'application/json',
  data: JSON.parse(Buffer.from(event.body.buffer, event.body.byteOffset, event.body.byteLength).toString('utf8')) as Record<string, unknown>,
  position: event.position,
  actor: event.actor,
  ...(event.requestId === null ? {} : { requestid: event.requestId }),
  ...(event.causationId === null ? {} : { causationid: cloudEventId(event.ledger, event.causationId) }),
  leafhash: base64url(event.leafHash),
  runninghash: base64url(event.runningHash),
});
