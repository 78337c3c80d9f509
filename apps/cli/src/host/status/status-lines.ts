import type { HostDescription, PoolsAnswer, ProductPolicy } from '@muster/contracts';
import type { Column } from '../../terminal/table.js';
import { tableLines } from '../../terminal/table.js';
import type { Paint } from '../../terminal/terminal.js';
import { counted, durationWords } from '../../terminal/words.js';
import type { HostStatus, PartStatus } from './host-status.js';
import { listeningWords, requestLines } from './request-lines.js';
import { trustLines } from './trust-lines.js';

type Pool = PoolsAnswer['pools'][number];
type Product = Pool['products'][number];

/** `activates`, or how far the count still is from it. */
export const thresholdWords = (count: number, { threshold, covered }: Product): string => {
  if (!covered) return "not covered by the host's certificate";
  return count >= threshold ? 'activates' : `${counted(threshold - count, 'machine')} to go`;
};

/** An interval of the product's policy, which stands in the host's certificate. */
const interval = (policies: readonly ProductPolicy[], seconds: (policy: ProductPolicy) => number) => {
  const byName = new Map(policies.map((policy) => [policy.name, durationWords(seconds(policy))]));
  return ({ name }: Product): string => byName.get(name) ?? '';
};

const poolLines = ({ pool, count, physical, virtual, countWindowSeconds, countVirtualMachines, countOnlyEnrolled = false, products }: Pool, policies: readonly ProductPolicy[]): readonly string[] => [
  '',
  `pool ${pool}: count ${count}  (${physical} physical, ${virtual} virtual${countVirtualMachines ? '' : ', which do not count'}; ${countOnlyEnrolled ? 'enrolled, and ' : ''}seen in the last ${durationWords(countWindowSeconds)})`,
  ...tableLines<Product>(
    [
      { title: '  product', cell: (product) => `  ${product.name}` },
      { title: 'count', cell: () => String(count), right: true },
      { title: 'threshold', cell: ({ threshold }) => String(threshold), right: true },
      { title: 'retry every', cell: interval(policies, ({ retryAfterSeconds }) => retryAfterSeconds), right: true },
      { title: 'renews after', cell: interval(policies, ({ renewAfterSeconds }) => renewAfterSeconds), right: true },
      { title: 'lease', cell: interval(policies, ({ leaseSeconds }) => leaseSeconds), right: true },
      { title: '', cell: (product) => thresholdWords(count, product) },
    ],
    products,
  ),
];

const partColumns: readonly Column<PartStatus>[] = [
  { title: '  part', cell: ({ name }) => `  ${name}` },
  { title: 'state', cell: ({ state }) => state },
  { title: 'pid', cell: ({ pid }) => String(pid), right: true },
  { title: 'port', cell: ({ port }) => String(port), right: true },
  { title: '', cell: ({ remarks }) => remarks.join(', ') },
];

const hostLines = (host: HostDescription, nowMs: number): readonly string[] => [
  ...trustLines(host, nowMs),
  `ledger        ${host.ledger}, ${counted(host.head, 'event')}`,
];

/** The status as a person reads it. */
export const statusLines = ({ url, ready, host, pools, statistics, problem, parts, dataDir }: HostStatus, { nowMs, paint }: { readonly nowMs: number; readonly paint: Paint }): readonly string[] => [
  `${paint('bold', url)}  ${ready ? paint('green', 'ready') : paint('red', 'not ready')}`,
  ...(problem === undefined ? [] : [`${paint('red', 'problem')}       ${problem}`]),
  ...(host === null ? [] : hostLines(host, nowMs)),
  ...(dataDir === undefined ? [] : [`data          ${dataDir}`]),
  ...(statistics === null ? [] : [`listening     ${listeningWords(statistics.listening)}`]),
  ...pools.flatMap((pool) => poolLines(pool, host?.claims?.products ?? [])),
  ...(statistics === null ? [] : requestLines(statistics)),
  ...(parts.length === 0 ? [] : ['', ...tableLines(partColumns, parts)]),
];
