import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aFleet } from '@muster/testing';
import { repositoryRoot } from '../boundaries/repository-root.js';
import { signWish, WORKSTATION } from '../fleet/wish.js';
import type { Host } from '../host/host.js';
import { startHost } from '../host/host.js';
import type { Consumer } from './consumer.fixture.js';
import { installPublished, PUBLISHED } from './consumer.fixture.js';

const START_TIMEOUT_MS = 240_000;
/** Two packages come from npm's registry where the cache has none. */
const INSTALL_TIMEOUT_MS = 180_000;
const COMPILE_TIMEOUT_MS = 120_000;

/** Twice what it is; nine tenths of that are zod. */
const INSTALLED_BYTES_MAX = 12 * 1024 * 1024;
const OTHERS_BEFORE = 24;

const example = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(repositoryRoot, 'libs/client/README.md'), 'utf8'))?.[1] ?? '';

describe('the SDK as a vendor gets it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-sdk-host-'));
  let installed: Consumer | undefined;
  let host: Host | undefined;

  beforeAll(async () => {
    installed = await installPublished();
  }, INSTALL_TIMEOUT_MS);
  afterAll(async () => {
    await host?.end();
    installed?.remove();
    rmSync(dir, { recursive: true, force: true });
  }, START_TIMEOUT_MS);

  const consumer = (): Consumer => {
    if (installed === undefined) throw new Error('it was not installed');
    return installed;
  };

  it('is four packages of its own, jose and zod: no Nest, no NATS, no database', () => {
    const { packages, bytes } = consumer();
    expect([...packages].sort()).toEqual([...PUBLISHED.map((name) => `@muster/${name}`), 'jose', 'zod'].sort());
    process.stderr.write(`installed: ${packages.length} packages, ${(bytes / 1024 / 1024).toFixed(1)} MiB\n`);
    expect(bytes).toBeLessThan(INSTALLED_BYTES_MAX);
  });

  it.each(PUBLISHED)('%s ships what its package.json names, types included, and neither sources nor tests', (name) => {
    const home = join(consumer().dir, 'node_modules/@muster', name);
    const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Readonly<Record<string, unknown>> & {
      readonly exports: { readonly '.': Readonly<Record<'types' | 'default', string>> };
      readonly dependencies: Readonly<Record<string, string>>;
    };
    expect(manifest).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string, license: expect.any(String) as string, engines: { node: '>=20.19' } });
    expect(manifest).not.toHaveProperty('private');
    for (const entry of ['types', 'default'] as const) expect(existsSync(join(home, manifest.exports['.'][entry]))).toBe(true);
    expect(Object.values(manifest.dependencies).filter((range) => !/^\^\d+\.\d+\.\d+$/.test(range))).toEqual([]);
    expect(consumer().files.get(name)?.filter((file) => !/^(package\.json|README\.md|dist\/.+(?<!\.spec|\.fixture)(\.js|\.d\.ts))$/.test(file))).toEqual([]);
  });

  it(
    'compiles strictly and runs the example of its README: activated by a running host at its first start, and offline at its second',
    async () => {
      const { dir: product, write, compile, start } = consumer();
      host = await startHost({ dataDir: join(dir, 'data') });
      for (const machine of aFleet(OTHERS_BEFORE, 'published sdk')) await host.api.activate((await signWish(machine, { product: WORKSTATION })).jws);
      copyFileSync(join(host.dataDir, 'vendor/vendor-root.public.json'), join(product, 'vendor-root.public.json'));
      write('example.ts', example.replace(/hosts: \[.*\]/, `hosts: ['${host.url}']`));
      await compile();
      const env = { STATE_DIRECTORY: join(product, 'machine') };
      expect(await start('example.js', env)).toEqual([expect.stringMatching(/^Not activated\. /), 'granted']);
      await host.end();
      expect(await start('example.js', env)).toEqual([expect.stringMatching(/^Activated for 1(79|80) more days\.$/)]);
    },
    START_TIMEOUT_MS + COMPILE_TIMEOUT_MS,
  );

  it(
    'says so at compile time when it is used wrongly',
    async () => {
      consumer().write('wrong.ts', "import { openMachine } from '@muster/client';\nvoid openMachine({ dir: 1 });\n");
      await expect(consumer().compile()).rejects.toThrow(/wrong\.ts.*TS\d+/);
    },
    COMPILE_TIMEOUT_MS,
  );
});
