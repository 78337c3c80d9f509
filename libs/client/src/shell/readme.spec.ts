import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { systemClock } from '@muster/kernel';
import { createDevelopmentVendor, writePublicKeyFile } from '@muster/trust';
import { fakeHost, listen } from './fake-host.fixture.js';

const ROOT = join(import.meta.dirname, '..', '..');
const LINES_MAX = 30;

describe('the example of the README', () => {
  const example = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))?.[1] ?? '';

  it(`has under ${LINES_MAX} lines`, () => {
    expect(example).toContain('openMachine');
    expect(example.trimEnd().split('\n').length).toBeLessThan(LINES_MAX);
  });

  it('activates a machine at its first start, and knows at its second', async () => {
    const vendor = await createDevelopmentVendor({ nowMs: systemClock.nowMs() });
    const host = fakeHost(vendor);
    const { url, close } = await listen(host);
    const place = mkdtempSync(join(tmpdir(), 'muster-readme-'));
    // Beside the sources, so that it resolves packages as the project does.
    const file = join(ROOT, 'out-tsc', `readme-${process.pid}.mjs`);
    const said: unknown[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((word: unknown) => void said.push(word));
    try {
      const rootFile = join(place, 'root.json');
      await writePublicKeyFile(rootFile, vendor.rootKey.publicJwk);
      mkdirSync(join(ROOT, 'out-tsc'), { recursive: true });
      process.env['STATE_DIRECTORY'] = join(place, 'machine');
      writeFileSync(file, example.replace('vendor-root.public.json', rootFile).replace(/hosts: \[.*\]/, `hosts: ['${url}']`));
      await import(`${file}?first`);
      expect(said.map(String)).toEqual([expect.stringMatching(/^Not activated\./), 'granted']);
      await import(`${file}?second`);
      expect(said.slice(2).map(String)).toEqual([expect.stringMatching(/^Activated for 1(79|80) more days\.$/)]);
      expect(host.received.length).toBe(1);
    } finally {
      log.mockRestore();
      delete process.env['STATE_DIRECTORY'];
      rmSync(file, { force: true });
      rmSync(place, { recursive: true });
      await close();
    }
  });
});
