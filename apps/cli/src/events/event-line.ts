import { type CloudEvent, eventCatalogue } from '@muster/contracts';

const POSITION_WIDTH = 7;
const MACHINE_CHARS = 12;

/** `muster.ActivationGranted.v1` → `ActivationGranted` */
export const shortType = (type: string): string => type.replace(/^muster\./, '').replace(/\.v\d+$/, '');

const TYPE_WIDTH = Math.max(...Object.keys(eventCatalogue).map((type) => shortType(type).length));

interface Basis {
  readonly count?: unknown;
  readonly threshold?: unknown;
}

/** Of an endpoint, and of what stands in DNS for it. */
interface Dns {
  readonly endpoint?: unknown;
  readonly domain?: unknown;
  readonly name?: unknown;
  readonly cause?: unknown;
}

const detailOf = ({ data }: CloudEvent): string => {
  const { product, basis, reason, ...dns } = data as { readonly product?: unknown; readonly basis?: Basis; readonly reason?: unknown } & Dns;
  return [
    ...(typeof product === 'string' ? [product] : []),
    ...(typeof basis?.count === 'number' && typeof basis.threshold === 'number' ? [`count ${basis.count}  threshold ${basis.threshold}`] : []),
    ...[dns.endpoint, dns.name ?? dns.domain, dns.cause].filter((word) => typeof word === 'string'),
    ...(typeof reason === 'string' ? [reason] : []),
  ].join('  ');
};

/** One event as a person reads it: position, time, type, the start of the machine's id, what it says. */
export const eventLine = (event: CloudEvent): string =>
  [
    String(event.position).padStart(POSITION_WIDTH),
    event.time,
    shortType(event.type).padEnd(TYPE_WIDTH),
    (event.subject ?? '').slice(0, MACHINE_CHARS).padEnd(MACHINE_CHARS),
    detailOf(event),
  ]
    .join('  ')
    .trimEnd();
