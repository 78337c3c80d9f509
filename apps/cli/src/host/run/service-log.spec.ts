import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogFile } from './service-log.js';

describe('a log file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-cli-log-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const path = join(dir, 'logs', 'gateway.log');

  it('is private, grows to its bound, and then becomes the one older file', () => {
    const log = openLogFile(path, 20);
    for (let line = 1; line <= 9; line += 1) log.write(`line number ${line}`);
    log.close();
    expect(readFileSync(path, 'utf8')).toBe('line number 9\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('line number 7\nline number 8\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('goes on where it ended, and takes no line after it was closed', () => {
    const log = openLogFile(path, 1000);
    log.write('again');
    log.close();
    log.write('too late');
    expect(readFileSync(path, 'utf8')).toBe('line number 9\nagain\n');
  });
});
