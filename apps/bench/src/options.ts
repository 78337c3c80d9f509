import { parseArgs } from 'node:util';
import type { LaneName } from './measure/lane.js';
import { LANE_NAMES } from './measure/lane.js';

export interface BenchOptions {
  readonly lanes: readonly LaneName[];
  readonly json: boolean;
  readonly quick: boolean;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly rebuildEvents: number;
}

/** Rounds enough for a median that one disturbed round does not move, each long enough for several checkpoint-free seconds of steady work. */
const FULL = { rounds: 5, seconds: 8, warmUpSeconds: 3, rebuildEvents: 1_000_000 };

/** To see that it works, and roughly where it stands. */
const QUICK = { rounds: 3, seconds: 2, warmUpSeconds: 1, rebuildEvents: 100_000 };

export const USAGE = `usage: npm run bench -- [${LANE_NAMES.join('|')}]... [--quick] [--json]

  --quick   3 rounds of 2 s and a ledger of 100,000 events, instead of 5 of 8 s and 1,000,000
  --json    the results as one JSON object on standard output (with \`npm run --silent\`: and nothing else)
`;

const isLane = (name: string): name is LaneName => (LANE_NAMES as readonly string[]).includes(name);

/** @throws Error when the arguments are not understood */
export const parseOptions = (args: readonly string[]): BenchOptions | 'help' => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return 'help';
  const unknown = positionals.find((name) => !isLane(name));
  if (unknown !== undefined) throw new Error(`there is no lane ${unknown}`);
  const lanes = LANE_NAMES.filter((name) => positionals.length === 0 || positionals.includes(name));
  return { lanes, json: values.json, quick: values.quick, ...(values.quick ? QUICK : FULL) };
};
