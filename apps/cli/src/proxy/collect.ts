import { existsSync } from 'node:fs';
import type { InstallationsPage } from '@muster/contracts';
import { hostDescriptionSchema, installationFileSchema, INSTALLATIONS_PAGE_MAX, installationsPageSchema } from '@muster/contracts';
import { isProblem, systemClock, toInstant } from '@muster/kernel';
import { digestOf, verifyInstallationRequest } from '@muster/trust';
import { findHost } from '../access/find-host.js';
import type { AccessOptions } from '../access/host-access.js';
import type { Caller } from '../api/caller.js';
import { callerOf } from '../api/caller.js';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import { readFormat } from '../machine/read-format.js';
import type { Terminal } from '../terminal/terminal.js';
import { counted } from '../terminal/words.js';
import type { Collection, CollectionEntry } from './collection.js';
import { mergeEntries, readCollection, withoutPersonalData, writeCollection } from './collection.js';

interface CollectOptions extends AccessOptions {
  readonly output: string;
  readonly withoutPersonalData?: boolean;
}

const READ_TIMEOUT_MS = 10_000;

interface Found {
  readonly origin: Collection['origin'];
  readonly entries: readonly CollectionEntry[];
}

/** Only what its machine signed is carried to the authority: everything else would be refused there. */
const entryOf = async (request: string, hostname: string | null, from: string): Promise<CollectionEntry> => {
  try {
    const { machine, payload } = await verifyInstallationRequest(request);
    return { machine, product: payload.product, hostname, requestDigest: digestOf(request), request, outcome: { status: 'waiting' } };
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw new CliFailure('usage', `${from} holds no installation request that its machine has signed: ${error.detail}`, { cause: error });
  }
};

const fromFiles = async (files: readonly string[]): Promise<Found> => {
  const entries: CollectionEntry[] = [];
  for (const path of files) {
    const { request, hostname } = readFormat(path, installationFileSchema, 'an installation request of `muster machine installation-code`');
    entries.push(await entryOf(request, hostname, path));
  }
  return { origin: { type: 'files' }, entries };
};

async function* pagesOf(caller: Caller, personal: boolean): AsyncGenerator<InstallationsPage> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const query = new URLSearchParams({ limit: String(INSTALLATIONS_PAGE_MAX), personal: String(personal), ...(after === '' ? {} : { after }) });
    const page: InstallationsPage = await caller.json({ path: `/v1/installation-requests?${query}`, schema: installationsPageSchema, timeoutMs: READ_TIMEOUT_MS });
    yield page;
    after = page.next;
  }
}

const fromHost = async (options: CollectOptions): Promise<Found> => {
  const caller = callerOf(findHost(options));
  const { host } = await caller.json({ path: '/v1/host', schema: hostDescriptionSchema, timeoutMs: READ_TIMEOUT_MS });
  if (host === null) throw new CliFailure('conflict', `${caller.url} is not activated: no machine can have left a request there.`);
  const entries: CollectionEntry[] = [];
  for await (const { requests } of pagesOf(caller, options.withoutPersonalData !== true)) {
    for (const { request, hostname } of requests) entries.push(await entryOf(request, hostname, caller.url));
  }
  return { origin: { type: 'host', host }, entries };
};

const isFrom = (collection: Collection, origin: Collection['origin']): boolean => JSON.stringify(collection.origin) === JSON.stringify(origin);

/** Gathers the installation requests of isolated machines, from the host or from files, into one file that can be carried to a computer that reaches the authority. */
export const collectRequests = (files: readonly string[]) => async (options: CollectOptions, terminal: Terminal): Promise<ExitCode> => {
  const { origin, entries } = files.length > 0 ? await fromFiles(files) : await fromHost(options);
  const before = existsSync(options.output) ? readCollection(options.output) : undefined;
  if (before !== undefined && !isFrom(before, origin)) throw new CliFailure('conflict', `${options.output} was collected elsewhere.`, { remedy: 'Name another file with --output.' });
  const personalData = options.withoutPersonalData !== true && before?.personalData !== false;
  const merged: Collection = {
    format: 'muster-proxy-collection',
    version: 1,
    collectedAt: toInstant(systemClock.nowMs()),
    origin,
    personalData,
    entries: [...mergeEntries(before?.entries ?? [], entries)],
  };
  const collection = personalData ? merged : withoutPersonalData(merged);
  writeCollection(options.output, collection);
  if (terminal.json) terminal.data(JSON.stringify({ output: options.output, found: entries.length, entries: collection.entries.length, personalData }));
  else {
    terminal.data(`${counted(entries.length, 'installation request')} collected in ${options.output}.`);
    if (!personalData) terminal.note(`Without names: it can only be handed back ${origin.type === 'host' ? 'to the host that it came from' : 'as files, named by machine id'}.`);
  }
  return exitCodes.ok;
};
