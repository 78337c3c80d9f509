import { findHost } from '../../access/find-host.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { dnsApi } from '../dns-api.js';
import type { DomainsOptions } from '../dns-options.js';
import { bindLines } from './bind-lines.js';
import type { WantedRecord } from './record-data.js';
import type { RecordFormat } from './record-formats.js';
import { route53Batch } from './route53-batch.js';
import { textLines } from './text-lines.js';
import { windowsLines } from './windows-lines.js';

export interface ListRecordsOptions extends DomainsOptions {
  readonly format?: RecordFormat;
}

const linesIn = (format: RecordFormat, records: readonly WantedRecord[]): readonly string[] => {
  switch (format) {
    case 'bind':
      return bindLines(records);
    case 'windows':
      return windowsLines(records);
    case 'route53-json':
      return [JSON.stringify(route53Batch(records), undefined, 2)];
    case 'text':
      return textLines(records);
    default:
      return format satisfies never;
  }
};

/** Prints exactly what is to be entered where there is no dynamic DNS, and what stands there where there is. */
export const listRecords = async ({ domain, format, ...access }: ListRecordsOptions, terminal: Terminal): Promise<ExitCode> => {
  if (terminal.json && format !== undefined && format !== 'route53-json') throw new CliFailure('usage', `--format ${format} is no JSON.`, { remedy: 'Leave --json away, or the format: then the records are JSON.' });
  const answer = await dnsApi(findHost(access)).records(domain);
  if (terminal.json && format === undefined) {
    terminal.data(JSON.stringify(answer, undefined, 2));
    return exitCodes.ok;
  }
  for (const line of linesIn(format ?? 'text', answer.records)) terminal.data(line);
  if (answer.records.length === 0) terminal.note('Nothing is to stand in DNS: `muster dns status` shows which endpoints were announced, and for which domains.');
  return exitCodes.ok;
};
