import { copyFileSync } from 'node:fs';
import { hostname as systemHostname } from 'node:os';
import type { ActivationAnswer } from '@muster/contracts';
import { dottedName } from '@muster/contracts';
import { systemClock, systemDraws, toInstant } from '@muster/kernel';
import type { SigningKey } from '@muster/trust';
import { digestOf } from '@muster/trust';
import { findHost } from '../access/find-host.js';
import type { AccessOptions, HostAccess } from '../access/host-access.js';
import { activateMachine, type ActivationWish } from '../activation/activate-machine.js';
import { hostApi } from '../api/host-api.js';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { activationLines } from './activation-lines.js';
import type { LeaseCheck } from './lease-check.js';
import { checkLease, findRoot } from './lease-check.js';
import type { MachineDir } from './machine-dir.js';
import { ensureMachineKey, machineDirPath, openMachineDir } from './machine-dir.js';
import { wishFor } from './wish-for.js';

export interface ActivateOptions extends AccessOptions {
  readonly product: string;
  readonly dir?: string;
  readonly virtual?: boolean;
  readonly hostname?: string;
  readonly root?: string;
}

/** Asks; a refusal that the host told us is an outcome, so the next request is a new one. Without any answer it is the same one again. */
const ask = async (access: HostAccess, { key, wish, machine }: { readonly key: SigningKey; readonly wish: ActivationWish; readonly machine: MachineDir }): Promise<ActivationAnswer> => {
  try {
    return await activateMachine(hostApi(access), { key, wish });
  } catch (error) {
    const told = error instanceof CliFailure && error.problem !== undefined && error.reason !== 'unreachable' && error.reason !== 'failed';
    if (told) machine.clearPending(wish.product);
    throw error;
  }
};

const keep = (machine: MachineDir, { product, answer, host }: { readonly product: string; readonly answer: ActivationAnswer; readonly host: string }): void => {
  const { outcome, count, threshold, retryAfterSeconds } = answer;
  if (answer.outcome === 'granted') machine.setLease(product, answer.lease);
  else machine.setReceipt(product, answer.receipt);
  machine.setAnswer(product, { outcome, host, at: toInstant(systemClock.nowMs()), count, threshold, retryAfterSeconds });
  machine.clearPending(product); // last: before it, a crash only asks again under the same id
};

/** Activates a product on the machine that the directory keeps; answers `notActivated` when the host has counted too few machines yet. */
export const activate = async (options: ActivateOptions, terminal: Terminal): Promise<ExitCode> => {
  const { product, virtual = false, hostname = systemHostname() } = options;
  if (!dottedName.safeParse(product).success) throw new CliFailure('usage', `${product} is not the name of a product; acme.workstation is one.`);
  const access = findHost(options);
  const machine = openMachineDir(machineDirPath(options.dir));
  const root = await findRoot({ given: options.root, kept: machine.rootFile, dataDir: access.local?.dataDir });
  const key = await ensureMachineKey(machine.path);
  if (options.root !== undefined && root !== undefined && options.root !== machine.rootFile) copyFileSync(options.root, machine.rootFile);

  const held = machine.lease(product);
  const citedLease = held === undefined ? undefined : digestOf(held);
  const wish = wishFor({ product, virtual, hostname, citedLease, pending: machine.pending(product), uuid: systemDraws.uuid });
  machine.setPending(wish); // before it is sent: a crash must not lose the id
  const answer = await ask(access, { key, wish, machine });

  let check: LeaseCheck = { status: 'unverified' };
  if (answer.outcome === 'granted') {
    check = await checkLease(answer.lease, { root, machine: key.id, product, nowMs: systemClock.nowMs() });
    if (check.status === 'refused') throw new CliFailure('failed', `The lease that ${access.url} sent does not verify: ${check.detail}. It is not kept.`);
  }
  keep(machine, { product, answer, host: access.url });
  if (terminal.json) terminal.data(JSON.stringify({ machine: key.id, product, dir: machine.path, requestId: wish.jti, verification: check.status, ...answer }));
  else for (const line of activationLines({ product, machine: key.id, answer, check, dir: machine.path })) terminal.data(line);
  return answer.outcome === 'granted' ? exitCodes.ok : exitCodes.notActivated;
};
