import { relative } from 'node:path';
import type { HostDescription } from '@muster/contracts';
import { DEVELOPMENT_VENDOR } from '@muster/trust';
import { dataDirPaths } from '../../data-dir/data-dir.js';
import type { Paint } from '../../terminal/terminal.js';
import { dateOf } from '../../terminal/words.js';

export interface Welcome {
  readonly url: string;
  readonly dataDir: string;
  readonly host: HostDescription;
  readonly paint: Paint;
  /** What clients find in DNS. */
  readonly dns?: readonly string[];
  readonly cwd?: string;
}

const hereOr = (path: string, cwd: string): string => {
  const below = relative(cwd, path);
  return below === '' || below.startsWith('..') ? path : below;
};

const triesLines = ({ url, dataOption }: { readonly url: string; readonly dataOption: string }): readonly string[] => [
  'Try next, in another terminal:',
  `  npx muster fleet enrol --machines 30${dataOption}     30 machines ask: watch the count rise to the threshold`,
  `  npx muster host status${dataOption}                   counts, thresholds, parts`,
  `  npx muster events list${dataOption}                   every request and decision, in order`,
  ...(dataOption === '' ? ['  npm run demo                             the whole story, SIGKILL included (on a fresh host)'] : []),
  `  curl ${url}/openapi.json        the API`,
];

/** The way to the first activation, online or by telephone. */
const activationLines = (dataOption: string): readonly string[] => [
  'This host is not activated yet: every request is turned away, and nothing is counted. Next, in another terminal:',
  `  npx muster host install-key KEY --authority URL${dataOption}    the host key of your vendor (or --policies FILE, off line)`,
  `  npx muster host activate --authority URL${dataOption}           online; or by hand:`,
  `  npx muster host installation-code${dataOption}                  what to read to your vendor`,
  `  npx muster host confirm CODE${dataOption}                       what your vendor reads back`,
];

/** What a person wants to know as soon as the host is ready: where it is, whose it is, what to try next. */
export const welcomeLines = ({ url, dataDir, host, paint, dns = [], cwd = process.cwd() }: Welcome): readonly string[] => {
  const { claims } = host;
  const dir = hereOr(dataDir, cwd);
  const dataOption = dir === '.muster' ? '' : ` --data ${dir}`;
  const facts = claims === null ? [] : [`  for    ${claims.organisation}, certified by ${claims.iss} until ${dateOf(claims.exp)}`];
  const warning =
    claims?.iss === DEVELOPMENT_VENDOR ? [`         ${paint('yellow', 'a vendor made on this machine, for development: whoever reads')} ${hereOr(dataDirPaths(dataDir).vendor, cwd)} ${paint('yellow', 'can sign as it')}`] : [];
  return [
    '',
    `${paint('bold', 'Muster is ready:')} ${paint('cyan', url)}`,
    ...facts,
    ...warning,
    ...dns.map((line) => `  dns    ${line}`),
    `  data   ${dir}  (counts are kept there; Ctrl-C stops everything)`,
    '',
    ...(claims === null ? activationLines(dataOption) : triesLines({ url, dataOption })),
  ];
};
