import type { Call, Caller } from './caller.js';

/** Recorded within the gateway's own 3 s, or answered that a part is away. */
const ACT_TIMEOUT_MS = 10_000;

type Schema<T> = Parameters<Caller['json']>[0]['schema'] & { safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false } };

/** Sends an order as JSON, and reads its answer. */
export const postJson = <T>(caller: Caller, { path, order, schema, open = false }: Pick<Call, 'path' | 'open'> & { readonly order: object; readonly schema: Schema<T> }): Promise<T> =>
  caller.json({ path, open, schema, timeoutMs: ACT_TIMEOUT_MS, request: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(order) } });
