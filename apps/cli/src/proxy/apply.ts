import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { InstallationConfirmations, LeaseFile } from '@muster/contracts';
import { CONFIRMATIONS_MAX, hostDescriptionSchema, installationConfirmationsSchema } from '@muster/contracts';
import { replaceFile } from '@muster/trust';
import { findHost } from '../access/find-host.js';
import type { AccessOptions } from '../access/host-access.js';
import { callerOf } from '../api/caller.js';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { counted } from '../terminal/words.js';
import type { Collection } from './collection.js';
import { ofStatus, readCollection } from './collection.js';

interface ApplyOptions extends AccessOptions {
  /** A directory: one file a machine and product. */
  readonly output?: string;
}

const APPLY_TIMEOUT_MS = 15_000;

interface Obtained {
  readonly machine: string;
  readonly product: string;
  readonly hostname: string | null;
  readonly lease: string;
}

const obtainedIn = (collection: Collection): readonly Obtained[] =>
  ofStatus(collection, 'obtained').flatMap(({ machine, product, hostname, outcome }) => (outcome.status === 'obtained' ? [{ machine, product, hostname, lease: outcome.lease }] : []));

/** A host name is whatever a machine says: only what cannot lead out of the directory stays in the name of a file. */
const fileNameOf = ({ machine, product, hostname }: Obtained): string => [hostname?.replace(/[^A-Za-z0-9-]+/g, '_'), machine, product, 'lease.json'].filter((part) => part !== undefined).join('.');

const toFiles = (obtained: readonly Obtained[], directory: string): void => {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const one of obtained) {
    const { machine, product, lease } = one;
    const file: LeaseFile = { format: 'muster-permanent-lease', version: 1, machine, product, lease };
    replaceFile(join(directory, fileNameOf(one)), `${JSON.stringify(file, undefined, 2)}\n`);
  }
};

type Confirmed = InstallationConfirmations['confirmations'][number];

const toHost = async (collection: Collection, obtained: readonly Obtained[], { options, terminal }: { readonly options: ApplyOptions; readonly terminal: Terminal }): Promise<readonly Confirmed[]> => {
  const caller = callerOf(findHost(options));
  if (!collection.personalData && collection.origin.type === 'host') {
    const { host } = await caller.json({ path: '/v1/host', schema: hostDescriptionSchema, timeoutMs: APPLY_TIMEOUT_MS });
    if (host !== collection.origin.host) throw new CliFailure('conflict', `The collection came from host ${collection.origin.host}, and this is ${host ?? 'one that is not activated'}.`);
  }
  const confirmed: Confirmed[] = [];
  for (let start = 0; start < obtained.length; start += CONFIRMATIONS_MAX) {
    terminal.progress(`${start} of ${obtained.length}`);
    const leases = obtained.slice(start, start + CONFIRMATIONS_MAX).map(({ lease }) => lease);
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ leases }) };
    confirmed.push(...(await caller.json({ path: '/v1/installation-confirmations', schema: installationConfirmationsSchema, timeoutMs: APPLY_TIMEOUT_MS, request })).confirmations);
  }
  terminal.progress('');
  return confirmed;
};

const checkWay = ({ personalData, origin }: Collection, { output }: ApplyOptions): void => {
  if (personalData || (origin.type === 'files') === (output !== undefined)) return;
  throw new CliFailure('conflict', 'A collection without personal data can only be handed back where it came from.', {
    remedy: origin.type === 'host' ? 'Hand it to the host, with --host URL.' : 'Write it to files, with --output DIRECTORY.',
  });
};

/** Hands what was obtained back to where the machines look for it: to their host, or to files. Done twice, it is done once. */
export const applyCollection = (path: string) => async (options: ApplyOptions, terminal: Terminal): Promise<ExitCode> => {
  const collection = readCollection(path);
  checkWay(collection, options);
  const obtained = obtainedIn(collection);
  if (options.output !== undefined) {
    toFiles(obtained, options.output);
    if (terminal.json) terminal.data(JSON.stringify({ output: options.output, leases: obtained.length }));
    else terminal.data(`${counted(obtained.length, 'permanent lease')} written to ${options.output}: \`muster machine confirm FILE\` on each machine.`);
    return exitCodes.ok;
  }
  const confirmed = await toHost(collection, obtained, { options, terminal });
  const [done, known] = (['confirmed', 'known'] as const).map((outcome) => confirmed.filter((one) => one.outcome === outcome).length);
  const others = confirmed.filter(({ outcome }) => outcome === 'not-requested' || outcome === 'not-valid');
  if (terminal.json) terminal.data(JSON.stringify({ confirmed: done, known, refused: others }));
  else {
    terminal.data(`${counted(obtained.length, 'permanent lease')} handed to the host: ${done} confirmed now, ${known} before; each machine fetches its own at its next contact.`);
    for (const one of others) if ('detail' in one) terminal.note(`  ${'machine' in one ? one.machine : 'a lease'}: ${one.detail} (${one.outcome})`);
  }
  return others.length > 0 ? exitCodes.findings : exitCodes.ok;
};
