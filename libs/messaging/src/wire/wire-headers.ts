/** Present on a reply that is a problem; the value is its kind. */
export const ERROR_HEADER = 'Muster-Error';

/** `item` on each reply of a stream, `end` on the empty message that closes it: a stream without its end was cut. */
export const STREAM_HEADER = 'Muster-Stream';

/** W3C Trace Context, passed along unchanged. */
export const TRACEPARENT_HEADER = 'traceparent';

/** Where replies may go. A server that replied to any subject could be made to speak on subjects that its caller may not use. */
export const INBOX_ROOT = '_INBOX';

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The value if it is a well-formed `traceparent` (Trace Context section 3.2), else undefined: callers make up their own then. */
export const asTraceparent = (value: string | undefined): string | undefined =>
  value !== undefined && TRACEPARENT.test(value) ? value : undefined;
