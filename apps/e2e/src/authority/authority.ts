import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActivationKeys, HostActivationAnswer } from '@muster/contracts';
import { activationKeysSchema, hostActivationAnswerSchema } from '@muster/contracts';
import type { Answer, HostApi } from '../host/host-api.js';
import { hostApi, jsonOf } from '../host/host-api.js';
import { endHostProcess, untilReady } from '../host/host.js';
import { launchMuster } from '../muster/launch-muster.js';

export interface Authority {
  readonly dataDir: string;
  readonly url: string;
  /** What products pin. */
  readonly rootFile: string;
  readonly ledger: HostApi['ledger'];
  /** The keys that were issued, as the vendor sees them. */
  keys(): Promise<ActivationKeys>;
  /** As a host asks: with its organisation's key and a request that it signed. */
  postHostActivation(order: { readonly key: string; readonly request: string }): Promise<Answer>;
  end(): Promise<void>;
}

/** @throws Error when the host was not activated */
export const hostActivationOf = (answer: Answer): HostActivationAnswer => hostActivationAnswerSchema.parse(jsonOf(answer));

/** Starts `muster authority run` on a directory that `muster authority init` made, and waits until it is ready. */
export const startAuthority = async (dataDir: string, { env = {} }: { readonly env?: NodeJS.ProcessEnv } = {}): Promise<Authority> => {
  const launcher = launchMuster({ args: ['authority', 'run', '--data', dataDir, '--port', '0'], logFile: join(dataDir, 'launcher.log'), env });
  const { url } = await untilReady(launcher, dataDir).catch(async (error: unknown) => {
    await endHostProcess(launcher);
    throw error;
  });
  // Events and problems have one form, whoever keeps the ledger.
  const api = hostApi({ url, token: readFileSync(join(dataDir, 'operator-token'), 'utf8').trim() });
  return {
    dataDir,
    url,
    rootFile: join(dataDir, 'keys', 'vendor-root.public.json'),
    ledger: api.ledger,
    keys: async () => activationKeysSchema.parse(jsonOf(await api.operatorCall('/v1/activation-keys'))),
    postHostActivation: (order) => api.call('/v1/host-activations', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(order) }),
    end: () => endHostProcess(launcher),
  };
};
