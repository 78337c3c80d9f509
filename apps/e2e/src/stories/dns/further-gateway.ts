import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Part } from '@muster/devstack';
import { freePort, startProcess } from '@muster/devstack';
import { eventually } from '@muster/testing';
import type { Host } from '../../host/host.js';
import { killNow } from '../../host/processes.js';
import type { Stage } from '../../story/stage.js';

const PROGRAM = fileURLToPath(new URL('../../../../gateway/dist/main.js', import.meta.url));
const START_TIMEOUT_MS = 90_000;

/** One more gateway of a host, as it would run on another machine: it has the bus, and the hash of the operator's token. */
export interface FurtherGateway {
  readonly target: string;
  readonly port: number;
  readonly endpoint: string;
  kill(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface GatewayPlace {
  readonly target: string;
  /** What it is told of where it stands: `MUSTER_ADVERTISE_…`. */
  readonly advertise: Readonly<Record<string, string>>;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** The name of the host's only ledger. */
const LEDGER = 'main';

const secret = ({ dataDir }: Host, ...path: readonly string[]): string => readFileSync(join(dataDir, ...path), 'utf8').trim();

export const natsPasswordOf = (host: Host, user: string): string => secret(host, 'secrets', `nats-${user}`);

export const natsUrlOf = (host: Host): string => `nats://127.0.0.1:${host.partsOf('nats')[0]?.port}`;

export const startFurtherGateway = async (stage: Stage, host: Host, { target, advertise }: GatewayPlace): Promise<FurtherGateway> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'],
    ...advertise,
    ...{ MUSTER_ADVERTISE: target, MUSTER_HTTP_ADDRESS: '127.0.0.1', MUSTER_HTTP_PORT: String(port), MUSTER_LEDGER: LEDGER },
    ...{ MUSTER_NATS_URL: natsUrlOf(host), MUSTER_NATS_PASSWORD: natsPasswordOf(host, 'gateway'), MUSTER_OPERATOR_TOKEN_HASH: hashOf(secret(host, 'operator-token')) },
    ...{ MUSTER_ADDRESS_REQUESTS_PER_SECOND: '0', MUSTER_MACHINE_REQUESTS_PER_SECOND: '0' },
  };
  const logFile = join(stage.dir, `gateway-${target}.log`);
  let part: Part | undefined;
  const start = async (): Promise<void> => {
    const started = await startProcess({ name: target, command: process.execPath, args: ['--enable-source-maps', PROGRAM], env, log: (line) => appendFileSync(logFile, `${line}\n`) });
    part = started;
    await eventually(async () => {
      const { status } = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
      if (status !== 200) throw new Error(`the gateway of ${target} is not ready: ${status}`);
    }, { timeoutMs: START_TIMEOUT_MS, intervalMs: 100 });
  };
  stage.onEnd(async () => part?.stop());
  await start();
  return {
    ...{ target, port, endpoint: `${target}:${port}` },
    kill: async () => {
      if (part !== undefined) killNow(part.pid);
      await part?.exited;
    },
    stop: async () => part?.stop(),
    start,
  };
};
