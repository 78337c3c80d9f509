import { problemCatalogue } from '@muster/kernel';
import { CommanderError } from 'commander';
import { painter } from '../terminal/paint.js';
import type { Terminal } from '../terminal/terminal.js';
import { CliFailure } from './cli-failure.js';
import { exitCodes } from './exit-codes.js';
import { reasonOf } from './problem-reason.js';
import { reportFailure } from './report-failure.js';

const recording = (json: boolean): { readonly terminal: Terminal; readonly notes: string[]; readonly data: string[] } => {
  const notes: string[] = [];
  const data: string[] = [];
  const paint = painter(false);
  return {
    notes,
    data,
    terminal: { json, verbose: false, watched: false, data: (line) => void data.push(line), note: (line) => void notes.push(line), progress: () => undefined, paint, paintData: paint },
  };
};

const problem = { type: '/problems/unavailable', title: 'A part of the host is away', status: 503, detail: 'Counting is away.', code: 'unavailable', traceId: 'abc', retryAfterSeconds: 2 };

describe('a failure', () => {
  it('of every problem in the catalogue has an exit code that is not success', () => {
    for (const code of Object.keys(problemCatalogue)) expect(exitCodes[reasonOf({ code, status: 500 })]).toBeGreaterThan(0);
  });

  it.each([
    ['unauthorized', 401, 4],
    ['not-found', 404, 3],
    ['request-id-conflict', 409, 5],
    ['unavailable', 503, 7],
    ['from-the-future', 404, 3],
    ['from-the-future', 403, 4],
    ['', 504, 7],
    ['', 418, 1],
  ])('%s (%d) ends with %d', (code, status, exit) => expect(exitCodes[reasonOf({ code, status })]).toBe(exit));

  it("says a host's problem with its code, its trace and when to try again", () => {
    const { terminal, notes, data } = recording(false);
    expect(reportFailure(new CliFailure('unreachable', problem.detail, { problem }), terminal)).toBe(7);
    expect(notes).toEqual(['error: Counting is away. (unavailable, trace abc)', 'Try again in 2 s.']);
    expect(data).toEqual([]);
  });

  it("in JSON mode is the host's own problem document on standard error", () => {
    const { terminal, notes } = recording(true);
    reportFailure(new CliFailure('unreachable', problem.detail, { problem }), terminal);
    expect(notes.map((note) => JSON.parse(note) as unknown)).toEqual([problem]);
  });

  it('of ours is a problem document too', () => {
    const { terminal, notes } = recording(true);
    expect(reportFailure(new CliFailure('notFound', 'No machine is kept there.', { remedy: 'Make one.' }), terminal)).toBe(3);
    expect(JSON.parse(notes[0]!)).toEqual({ type: 'about:blank', title: 'There is nothing of that name', detail: 'No machine is kept there.', code: 'not-found', remedy: 'Make one.' });
  });

  it('that nobody foresaw ends with 1', () => {
    const { terminal, notes } = recording(false);
    expect(reportFailure(new TypeError('x is not a function'), terminal)).toBe(1);
    expect(notes).toEqual(['error: x is not a function']);
  });

  it('to understand the command ends with 2; help is none', () => {
    const quiet = recording(false);
    expect(reportFailure(new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'"), quiet.terminal)).toBe(2);
    expect(quiet.notes).toEqual([]);
    const json = recording(true);
    expect(reportFailure(new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'"), json.terminal)).toBe(2);
    expect(JSON.parse(json.notes[0]!)).toMatchObject({ code: 'usage', detail: "unknown option '--x'" });
    expect(reportFailure(new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)'), json.terminal)).toBe(0);
  });
});
