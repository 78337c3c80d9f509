import { freePort } from '@muster/devstack';
import type { Bus } from '@muster/messaging';
import { connectBus } from '@muster/messaging';
import type { RunningService } from '@muster/service';
import { commonConfig, createLogger, defineConfig, hashOfToken, JSON_TYPE, startService } from '@muster/service';
import type { Type } from '@nestjs/common';
import { describeGateway } from './describe-gateway.js';
import { gatewayConfig } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';

const OPERATOR_TOKEN = 'A'.repeat(43);
const BODY_BYTES_MAX = 65_536;

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A gateway on a bus of its own choosing, and in the place of another service whatever `stand-in` answers. */
export const openGateway = async ({ natsUrl, env = {}, standIns = [] }: { readonly natsUrl: string; readonly env?: Readonly<Record<string, string>>; readonly standIns?: readonly { readonly name: 'dns-registrar' | 'activation'; readonly module: Type }[] }) => {
  const common = async () => ({ MUSTER_HTTP_ADDRESS: '127.0.0.1', MUSTER_HTTP_PORT: String(await freePort()), MUSTER_NATS_URL: natsUrl, MUSTER_LOG_LEVEL: 'silent' });
  const others: RunningService[] = [];
  for (const { name, module } of standIns) others.push(await startService({ name, config: defineConfig(commonConfig), module, env: await common() }));
  const gateway = await startService({
    name: 'gateway',
    config: gatewayConfig,
    module: GatewayModule,
    http: { bodies: { [JSON_TYPE]: BODY_BYTES_MAX } },
    beforeListen: describeGateway,
    env: { ...(await common()), MUSTER_OPERATOR_TOKEN_HASH: hashOfToken(OPERATOR_TOKEN), ...env },
  });
  const bus: Bus = connectBus({ url: natsUrl, name: 'test', inboxPrefix: '_INBOX_dns-registrar', log: createLogger({ service: 'test', level: 'silent' }) });
  const call = async (method: string, path: string, { body, token = OPERATOR_TOKEN }: { readonly body?: unknown; readonly token?: string | null } = {}): Promise<Answered> => {
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    const json = body === undefined ? {} : { headers: { ...authorization, 'content-type': JSON_TYPE }, body: JSON.stringify(body) };
    const response = await fetch(`${gateway.url}${path}`, { method, headers: authorization, ...json });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const stop = async (): Promise<void> => {
    await gateway.stop();
    await bus.close();
    for (const other of others) await other.stop();
  };
  return { gateway, bus, call, stop };
};
