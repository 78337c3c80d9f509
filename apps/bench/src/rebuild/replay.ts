import type { ReplayReport } from '@muster/contracts';
import { replayReportSchema } from '@muster/contracts';
import type { Sample } from '../measure/lane.js';
import type { BenchHost } from '../stack/bench-host.js';

/** The report is the last line; those before it are progress. @throws Error when the replay failed */
export const reportOf = (lines: string): ReplayReport => {
  const last: unknown = JSON.parse(lines.trim().split('\n').pop() ?? 'null');
  const report = replayReportSchema.safeParse(last);
  if (!report.success) throw new Error(`the replay ended with ${JSON.stringify(last)}`);
  return report.data;
};

/** Has the running host rebuild its counts from the first event. @throws Error when what it rebuilt is not what it counts with */
export const replay = async ({ url, operatorToken }: BenchHost): Promise<Sample> => {
  const response = await fetch(`${url}/v1/replays`, { method: 'POST', headers: { authorization: `Bearer ${operatorToken}` } });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST /v1/replays answered ${response.status}: ${text}`);
  const { events, seconds, equal } = reportOf(text);
  if (!equal) throw new Error('the rebuilt counts differ from the live ones');
  return { count: events, seconds };
};
