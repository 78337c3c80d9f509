import { once } from 'node:events';
import { connect } from 'node:net';
import type { BusUser } from '@muster/contracts';
import { findNatsServer, freePort, startNats, supervise } from '@muster/devstack';
import { natsUsers } from '@muster/messaging';
import { dataDirPaths } from '../../data-dir/data-dir.js';
import { CliFailure } from '../../failure/cli-failure.js';
import type { HostJournal } from './host-journal.js';
import type { HostParts } from './host-parts.js';
import { readSetting } from './start-database.js';

/** How services reach NATS. */
export interface HostBus {
  readonly url: string;
  /** Of the user named like the service; undefined when the server is somebody else's and its address says all there is. */
  passwordOf(user: BusUser): string | undefined;
}

export interface BusOptions {
  readonly dataDir: string;
  readonly passwords: Readonly<Record<BusUser, string>>;
  readonly parts: HostParts;
  readonly journal: HostJournal;
  readonly onRestart: () => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const NATS_PORT = 4222;

const answers = async (url: string): Promise<boolean> => {
  const { hostname, port } = new URL(url.includes('://') ? url : `nats://${url}`);
  const socket = connect({ host: hostname, port: port === '' ? NATS_PORT : Number(port) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

/** Services wait for a NATS that is away for as long as it takes; at the first start it is more likely a wrong address. */
const checkAnswers = async (urls: string): Promise<void> => {
  const found = await Promise.all(urls.split(',').map((url) => answers(url.trim())));
  if (!found.includes(true)) throw new CliFailure('unreachable', 'No NATS answers at MUSTER_NATS_URL.', { remedy: 'Start it, or unset MUSTER_NATS_URL: then a private one is started.' });
};

/** Uses the server of MUSTER_NATS_URL, or starts one with a user for each service and keeps it running. */
export const startBus = async ({ dataDir, passwords, parts, journal, onRestart }: BusOptions): Promise<HostBus> => {
  const foreign = readSetting('MUSTER_NATS_URL');
  if (foreign !== undefined) {
    await checkAnswers(foreign);
    journal.step('NATS of MUSTER_NATS_URL answers');
    // Whoever runs the server decides about its users: `muster deploy init` writes a configuration with these same passwords.
    const withUsers = process.env['MUSTER_NATS_USERS'] === 'generated';
    return { url: foreign, passwordOf: (user) => (withUsers ? passwords[user] : undefined) };
  }
  const [port, natsServer] = await Promise.all([freePort(), findNatsServer({ log: journal.info })]);
  const start = () => startNats({ dir: dataDirPaths(dataDir).nats, port, users: natsUsers(passwords), natsServer });
  const supervised = await supervise({ name: 'nats', start, log: journal.warn, onRestart });
  parts.add({ name: 'nats', kind: 'nats', port, supervised });
  journal.step('NATS runs');
  return { url: `nats://127.0.0.1:${port}`, passwordOf: (user) => passwords[user] };
};
