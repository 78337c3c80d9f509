import { durationWords } from '../terminal/words.js';
import type { ShownMachine, ShownProduct } from './shown-machine.js';
import { standingWords } from './shown-machine.js';

const shortLines = (shown: ShownProduct): readonly string[] => [`${shown.product}  ${standingWords(shown)}`, ...(shown.status === 'licensed' ? [] : [`  ${shown.whatToDo}`])];

const duration = (seconds: number | null): string | null => (seconds === null ? null : durationWords(seconds));

const methodWords = ({ method, key }: ShownProduct): string => {
  const named = method === 'volume' ? 'volume: a lease of a host, renewed' : 'multiple activation key: activated once, for good';
  if (key === null) return method === 'volume' ? named : 'by proxy: a permanent lease was handed over';
  return `${named} (key ending ${key.ending})`;
};

const installationWords = ({ lastInstallation }: ShownProduct['detail']): string | null => {
  if (lastInstallation === null) return null;
  const { at, outcome, host, detail } = lastInstallation;
  return `${at}  ${outcome}${host === null ? '' : ` by ${host}`}${detail === null ? '' : `: ${detail}`}`;
};

const contactWords = ({ lastContact }: ShownProduct['detail']): string | null => {
  if (lastContact === null) return null;
  const { at, outcome, host, count, threshold, detail } = lastContact;
  return `${at}  ${outcome}${host === null ? '' : ` by ${host}`}${count === null ? '' : `, count ${count}, threshold ${threshold}`}${detail === null ? '' : `: ${detail}`}`;
};

const detailLines = (shown: ShownProduct): readonly string[] => {
  const { detail } = shown;
  const rows: readonly (readonly [string, string | null])[] = [
    ['to do', shown.whatToDo],
    ['method', methodWords(shown)],
    ['lease', detail.leaseId],
    ['issued', detail.issuedAt === null ? null : `${detail.issuedAt} by host ${detail.issuedBy}`],
    ['renews every', duration(detail.renewAfterSeconds)],
    ['retries every', duration(detail.retryAfterSeconds)],
    ['drawn moment', detail.drawnFor],
    ['next contact', detail.nextContact],
    ['last contact', contactWords(detail)],
    ['installation', installationWords(detail)],
    ['failing', detail.failing === null ? null : `${detail.failing.rounds} rounds since ${detail.failing.since}`],
    ['under way', detail.pendingRequestId === null ? null : `request ${detail.pendingRequestId}; the next attempt repeats it`],
    ['remembers', detail.rememberedHost],
    ['clock', detail.clockSetBackSeconds === 0 ? null : `${durationWords(detail.clockSetBackSeconds)} behind times seen before`],
  ];
  return [`${shown.product}  ${standingWords(shown)}`, ...rows.flatMap(([title, value]) => (value === null ? [] : [`  ${title.padEnd(13)}  ${value}`]))];
};

const hostWords = ({ hosts, setByHand, dns }: ShownMachine): string => {
  if (dns !== null) {
    const where = `by DNS in ${dns.domains === null ? 'its own domain' : dns.domains.join(', ')}${dns.site === null ? '' : `, site ${dns.site} first`}`;
    return dns.foundAt === null ? where : `${where}: ${hosts.join(', ') || 'none'} (found ${dns.foundAt})`;
  }
  if (hosts.length === 0) return 'none known';
  return `${hosts.join(', ')}${setByHand ? ' (set by hand: no other host stands in)' : ''}`;
};

/** The machine as a person reads it. */
export const machineLines = (shown: ShownMachine, { detail }: { readonly detail: boolean }): readonly string[] => [
  `machine ${shown.machine}  (${shown.dir})`,
  ...(detail ? [`hosts   ${hostWords(shown)}`, `root    ${shown.root}`] : []),
  ...shown.products.flatMap(detail ? detailLines : shortLines),
];
