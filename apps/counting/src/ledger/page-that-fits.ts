import type { CloudEvent, EventsPage } from '@muster/contracts';

/** Of a NATS message of 1 MB, what the rest of the answer leaves. */
const PAGE_BYTES_MAX = 900 * 1024;

/** As many of the events as fit one answer, at least one; with `next` when some are left out. An event with a certificate in it is a hundred times as large as a lease's. */
export const pageThatFits = (events: readonly CloudEvent[], head: number): EventsPage => {
  let bytes = 0;
  const end = events.findIndex((event, index) => {
    bytes += Buffer.byteLength(JSON.stringify(event)) + 1;
    return index > 0 && bytes > PAGE_BYTES_MAX;
  });
  if (end === -1) return { events: [...events], head };
  const fitting = events.slice(0, end);
  const last = fitting.at(-1);
  return { events: fitting, head, ...(last === undefined ? {} : { next: last.position }) };
};
