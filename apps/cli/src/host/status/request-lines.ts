import type { HostStatistics } from '@muster/contracts';
import { counted } from '../../terminal/words.js';

const number = (count: number): string => count.toLocaleString('en-US');

/** `licensed 4  grace 0`: names as people write them. */
const counters = (totals: Readonly<Record<string, number>>): string =>
  Object.entries(totals)
    .map(([name, count]) => `${name.replaceAll('-', ' ')} ${number(count)}`)
    .join('  ');

/** Where a host listens; an address that stands for all of its machine is said to. */
export const listeningWords = (listening: HostStatistics['listening']): string =>
  listening
    .map(({ address, port }) => {
      const everywhere = address === '0.0.0.0' || address === '::';
      return `${address.includes(':') ? `[${address}]` : address}:${port}${everywhere ? ' (every address of the machine)' : ''}`;
    })
    .join(', ');

/** Cumulative requests, as an administrator knows them from `slmgr /dlv`. */
export const requestLines = ({ position, requests, others }: HostStatistics): readonly string[] => {
  const { received, failed, failedByReason, byLicenceState, byOutcome } = requests;
  const reasons = Object.fromEntries(Object.entries(failedByReason).filter(([, count]) => count > 0));
  return [
    '',
    `requests on record, to position ${position}: ${number(received)} received, ${number(failed)} failed${failed === 0 ? '' : ` (${counters(reasons)})`}`,
    `  licence state  ${counters(byLicenceState)}`,
    `  outcome        ${counters(byOutcome)}`,
    `  besides        ${counted(others.leasesExpired, 'lease')} expired, ${number(others.leasesForceReleased)} force-released, ${counted(others.machinesRetired, 'machine')} retired`,
  ];
};
