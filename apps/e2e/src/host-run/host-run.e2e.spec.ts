import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@muster/devstack';
import { endHostProcess, launchHost, startHost } from '../host/host.js';
import { isAlive, processTree } from '../host/processes.js';

const DEFAULT_PORT = 6878;
const START_TIMEOUT_MS = 240_000;
/** What `muster` ends with when something is in the way. */
const EXIT_CONFLICT = 5;

const listen = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });

const close = (server: Server | undefined): Promise<void> => new Promise((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));

const dir = mkdtempSync(join(tmpdir(), 'muster-host-run-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it(
  'with the default port taken, a host says so and takes the next one; Ctrl-C leaves no process',
  async () => {
    // Somebody else's host on this machine serves as well.
    const taken = await listen(DEFAULT_PORT).catch(() => undefined);
    const host = await startHost({ dataDir: join(dir, 'default'), port: 'default', asDelivered: true });
    try {
      const { port } = new URL(host.url);
      expect(Number(port)).toBeGreaterThan(DEFAULT_PORT);
      expect(host.process.output()).toContain(`Port ${DEFAULT_PORT} is taken by another process; using ${port} instead.`);
      expect((await host.api.call('/readyz')).status).toBe(200);
      const tree = processTree(host.process.pid);
      expect(tree.length).toBeGreaterThan(host.run().parts.length);
      expect(await host.stop('SIGINT')).toEqual({ code: 0, signal: null });
      expect(tree.filter(isAlive)).toEqual([]);
      expect(existsSync(join(host.dataDir, 'run.json'))).toBe(false);
    } finally {
      await host.end();
      await close(taken);
    }
  },
  START_TIMEOUT_MS,
);

it(
  'with the port that was asked for taken, a host says so, ends with 5 and leaves no process',
  async () => {
    const port = await freePort();
    const taken = await listen(port);
    const launcher = launchHost({ dataDir: join(dir, 'explicit'), port });
    try {
      const { code } = await launcher.exited;
      expect(launcher.output()).toContain(`Port ${port} of 127.0.0.1 is taken by another process.`);
      expect(code).toBe(EXIT_CONFLICT);
    } finally {
      await endHostProcess(launcher);
      await close(taken);
    }
  },
  START_TIMEOUT_MS,
);
