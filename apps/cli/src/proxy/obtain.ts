import type { MachineConfirmations } from '@muster/contracts';
import { machineConfirmationsSchema, PROXY_BATCH_MAX } from '@muster/contracts';
import { isProblem, systemClock, toInstant } from '@muster/kernel';
import { digestOf, parseActivationKey, verifyInstallationRequest } from '@muster/trust';
import { callerOf, type Caller } from '../api/caller.js';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import { authorityIn } from '../machine/machine-place.js';
import type { Terminal } from '../terminal/terminal.js';
import { counted } from '../terminal/words.js';
import type { Collection, CollectionEntry } from './collection.js';
import { ofStatus, readCollection, withEntries, writeCollection } from './collection.js';
import { secretKey, type KeyOptions } from './secret-key.js';

interface ObtainOptions extends KeyOptions {
  readonly authority: string;
}

/** A hundred decisions and signatures take a second or two; a queue before them some more. */
const OBTAIN_TIMEOUT_MS = 60_000;

type Confirmation = MachineConfirmations['confirmations'][number];

/** @throws CliFailure when the authority answered for another machine than it was asked for */
const taken = (entry: CollectionEntry, answer: Confirmation | undefined): CollectionEntry => {
  if (answer?.outcome === 'refused') return { ...entry, outcome: { status: 'refused', reason: answer.reason, detail: answer.detail } };
  if (answer?.machine !== entry.machine || answer.product !== entry.product) throw new CliFailure('failed', 'The authority answered something else than it was asked for.');
  const { leaseId, lease, drawn } = answer;
  return { ...entry, outcome: { status: 'obtained', leaseId, lease, drawn, obtainedAt: toInstant(systemClock.nowMs()) } };
};

const confirm = (caller: Caller, key: string, batch: readonly CollectionEntry[]): Promise<MachineConfirmations> =>
  caller.json({
    path: '/v1/machine-confirmations',
    schema: machineConfirmationsSchema,
    timeoutMs: OBTAIN_TIMEOUT_MS,
    open: true, // the key speaks for itself
    request: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key, requests: batch.map(({ request }) => request) }) },
  });

/** What somebody changed since it was collected is found before anything is drawn for it. @throws CliFailure `conflict` */
const checkEntry = async ({ machine, product, request, requestDigest }: CollectionEntry, path: string): Promise<void> => {
  const signed = await verifyInstallationRequest(request).catch((error: unknown) => {
    if (!isProblem(error)) throw error;
    return undefined;
  });
  if (signed?.machine === machine && signed.payload.product === product && digestOf(request) === requestDigest) return;
  throw new CliFailure('conflict', `The request of machine ${machine} for ${product} in ${path} is not what the machine signed: the file was changed since.`, { remedy: 'Collect it again. Nothing was sent.' });
};

const checkedKey = (text: string): string => {
  const read = parseActivationKey(text);
  if (read.status === 'misread') throw new CliFailure('usage', `${read.detail} (key-misread)`);
  if (read.kind !== 'multiple') throw new CliFailure('usage', 'It is not a multiple activation key.');
  return read.key;
};

const endWords = (collection: Collection, remaining: number | null): string => {
  const [got, refused, waiting] = (['obtained', 'refused', 'waiting'] as const).map((status) => ofStatus(collection, status).length);
  return `${got} obtained, ${refused} refused, ${waiting} waiting${remaining === null ? '' : `; ${counted(remaining, 'activation')} left on the key`}`;
};

/**
 * Obtains permanent leases from the authority for everything in the collection that has none, many at once. What was obtained is kept after each
 * batch: broken off, it goes on where it was, and an answer that was lost is given again for nothing.
 */
export const obtainLeases = (path: string) => async (options: ObtainOptions, terminal: Terminal): Promise<ExitCode> => {
  const key = checkedKey(await secretKey(options));
  const caller = callerOf({ url: authorityIn(options.authority), token: undefined });
  let collection = readCollection(path);
  const wanted = ofStatus(collection, 'waiting', 'refused');
  for (const entry of wanted) await checkEntry(entry, path);
  let remaining: number | null = null;
  for (let start = 0; start < wanted.length; start += PROXY_BATCH_MAX) {
    const batch = wanted.slice(start, start + PROXY_BATCH_MAX);
    terminal.progress(`${start} of ${wanted.length}`);
    const answer = await confirm(caller, key, batch);
    collection = withEntries(collection, batch.map((entry, index) => taken(entry, answer.confirmations[index])));
    writeCollection(path, collection);
    ({ remaining } = answer);
  }
  terminal.progress('');
  const refused = ofStatus(collection, 'refused');
  if (terminal.json) terminal.data(JSON.stringify({ collection: path, asked: wanted.length, obtained: ofStatus(collection, 'obtained').length, refused: refused.length, remaining }));
  else {
    terminal.data(`${path}: ${endWords(collection, remaining)}.`);
    for (const { outcome, hostname, machine } of refused) if (outcome.status === 'refused') terminal.note(`  ${hostname ?? machine}: ${outcome.detail} (${outcome.reason})`);
  }
  return refused.length > 0 ? exitCodes.findings : exitCodes.ok;
};
