import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import { tableLines } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import type { CollectionEntry, EntryStatus } from './collection.js';
import { readCollection } from './collection.js';

interface ShowOptions {
  readonly detail?: boolean;
}

const statuses: readonly EntryStatus[] = ['waiting', 'obtained', 'refused'];

const reasonOf = ({ outcome }: CollectionEntry): string => {
  if (outcome.status === 'refused') return `${outcome.detail} (${outcome.reason})`;
  return outcome.status === 'obtained' ? `lease ${outcome.leaseId}${outcome.drawn ? '' : ', confirmed again for nothing'}` : '';
};

/** Shows what is in a collection: machines by state, with counts for each product. */
export const showCollection = (path: string) => async (options: ShowOptions, terminal: Terminal): Promise<ExitCode> => {
  const { entries, origin, personalData, collectedAt } = readCollection(path);
  const products = [...new Set(entries.map(({ product }) => product))].sort();
  const counts = products.map((product) => {
    const own = entries.filter((entry) => entry.product === product);
    return { product, ...Object.fromEntries(statuses.map((status) => [status, own.filter(({ outcome }) => outcome.status === status).length])) } as { readonly product: string } & Readonly<Record<EntryStatus, number>>;
  });
  if (terminal.json) {
    const shown = entries.map(({ request: _request, ...entry }) => entry);
    terminal.data(JSON.stringify({ collectedAt, origin, personalData, counts, ...(options.detail === true ? { entries: shown } : {}) }, undefined, 2));
    return exitCodes.ok;
  }
  terminal.data(`${path}: ${entries.length} requests, collected ${collectedAt} from ${origin.type === 'host' ? `host ${origin.host}` : 'files'}${personalData ? '' : ', without personal data'}`);
  const columns = [{ title: 'product', cell: ({ product }: (typeof counts)[number]) => product }, ...statuses.map((status) => ({ title: status, cell: (row: (typeof counts)[number]) => String(row[status]), right: true }))];
  for (const line of tableLines(columns, counts)) terminal.data(line);
  if (options.detail !== true) return exitCodes.ok;
  const detail = [
    { title: 'machine', cell: ({ machine }: CollectionEntry) => machine },
    { title: 'name', cell: ({ hostname }: CollectionEntry) => hostname ?? '' },
    { title: 'product', cell: ({ product }: CollectionEntry) => product },
    { title: 'state', cell: ({ outcome }: CollectionEntry) => outcome.status },
    { title: '', cell: reasonOf },
  ];
  for (const line of tableLines(detail, entries)) terminal.data(line);
  return exitCodes.ok;
};
