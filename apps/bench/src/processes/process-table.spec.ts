import { parseStat, ticksByRoot } from './process-table.js';

const stat = (pid: number, name: string, parent: number, times: string): string => `${pid} (${name}) S ${parent} 1 1 0 -1 4194304 1 2 3 4 ${times} 20 0 11 0 100 0 0`;

describe('a line of /proc/PID/stat', () => {
  it('gives parent and CPU time, whatever the process is called', () => {
    expect(parseStat(stat(42, 'a) (b c', 7, '10 20 3 4'))).toEqual({ pid: 42, parentPid: 7, ticks: 37 });
  });

  it('is refused when it is something else', () => {
    expect(() => parseStat('')).toThrow('not a process');
  });
});

describe('CPU time by root', () => {
  const rows = [
    { pid: 1, parentPid: 0, ticks: 500 },
    { pid: 10, parentPid: 1, ticks: 1 }, // launcher
    { pid: 11, parentPid: 10, ticks: 20 }, // gateway
    { pid: 12, parentPid: 11, ticks: 3 }, // its child
    { pid: 20, parentPid: 1, ticks: 100 },
  ];

  it('counts descendants for the nearest root, and strangers for nobody', () => {
    expect(ticksByRoot(rows, { launcher: 10, gateway: 11, gone: 99 })).toEqual({ launcher: 1, gateway: 23, gone: 0 });
  });
});
