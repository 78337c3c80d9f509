import { statSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../debian/run-command.js';
import { temporaryDir } from '../testing/temporary-dir.js';
import { findNamed, type NamedPrograms } from './find-named.js';
import { startNamed, type NamedOptions } from './start-named.js';

function programsHere(): NamedPrograms | undefined {
  try {
    return findNamed();
  } catch (error) {
    process.stderr.write(`\n*** NOT TESTED: a private named. ${error instanceof Error ? error.message : String(error)}\n\n`);
    return undefined;
  }
}
const programs = programsHere();

const dir = temporaryDir();
afterAll(() => dir.remove());

(programs === undefined ? describe.skip : describe)('a private named', () => {
  const options = (name: string): NamedOptions => ({
    dir: join(dir.path, name),
    keys: [{ name: 'registrar' }],
    zones: [{ name: 'corp.test', updatePolicy: ['grant registrar name _muster._tcp.corp.test. SRV'], records: ['host-1 A 192.0.2.1'] }],
  });
  const dig = (server: { readonly port: number }, ...question: string[]): Promise<string> =>
    runCommand(programs?.dig ?? 'dig', ['@127.0.0.1', '-p', String(server.port), '+short', '+tries=1', '+time=5', ...question], { cwd: dir.path, timeoutMs: 10_000 });

  it('serves its zones, keeps its keys to itself, and is gone when stopped', async () => {
    const named = await startNamed(options('first'));
    expect(await dig(named, 'host-1.corp.test', 'A')).toBe('192.0.2.1');
    expect(await dig(named, 'elsewhere.test', 'A')).toBe('');
    expect(statSync(named.keyFiles.get('registrar')!).mode & 0o777).toBe(0o600);
    await named.stop();
    expect(await named.exited).toEqual({ code: 0, signal: null });
  });

  it('goes on with its keys and with what was changed when it is started again', async () => {
    const first = await startNamed(options('again'));
    const { port, keyFiles } = first;
    const script = `server 127.0.0.1 ${port}\nzone corp.test\nupdate add _muster._tcp.corp.test 60 SRV 10 10 443 host-1.corp.test\nsend\n`;
    await runCommand('/bin/sh', ['-c', `printf '%s' "$1" | "$2" -k "$3"`, 'sh', script, programs?.nsupdate ?? 'nsupdate', keyFiles.get('registrar')!], { cwd: dir.path, timeoutMs: 10_000 });
    await first.stop();
    const second = await startNamed({ ...options('again'), port });
    expect(await dig(second, '_muster._tcp.corp.test', 'SRV')).toBe('10 10 443 host-1.corp.test.');
    expect(second.keyFiles).toEqual(keyFiles);
    await second.stop();
  });

  it('says that its port is taken, and why it cannot run', async () => {
    const named = await startNamed(options('port'));
    await expect(startNamed({ ...options('other'), port: named.port })).rejects.toThrow(`cannot listen on port ${named.port}`);
    await named.stop();
    const broken = startNamed({ ...options('broken'), zones: [{ name: 'corp.test', updatePolicy: ['grant nobody-knows-this-key wildcard a.b. SRV'] }] });
    await expect(broken).rejects.toThrow(/named did not start.*\n.*is not a wildcard/s);
  });
});
