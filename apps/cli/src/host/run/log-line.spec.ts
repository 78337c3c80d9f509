import { readLogLine } from './log-line.js';

describe("a service's line", () => {
  it('in JSON has its level and its message, with the reason of an error', () => {
    expect(readLogLine('{"level":"info","message":"listening"}')).toEqual({ level: 30, text: 'listening' });
    expect(readLogLine('{"level":"error","message":"commit failed","err":{"message":"disk full"}}')).toEqual({ level: 50, text: 'commit failed: disk full' });
  });

  it.each(['Segmentation fault', '42', 'null', '{"broken'])('that is something else is a warning, word for word: %s', (line) => {
    expect(readLogLine(line)).toEqual({ level: 40, text: line });
  });

  it('of an unknown level is rather shown than lost', () => expect(readLogLine('{"level":"loud","message":"hello"}').level).toBe(40));
});
