import type { CollectedRequest, ProxyCollection } from '@muster/contracts';
import { proxyCollectionSchema } from '@muster/contracts';
import { replaceFile } from '@muster/trust';
import { readFormat } from '../machine/read-format.js';

export type Collection = ProxyCollection;
export type CollectionEntry = Readonly<CollectedRequest>;
export type EntryStatus = CollectionEntry['outcome']['status'];

/** @throws CliFailure `notFound`, `usage` */
export const readCollection = (path: string): Collection => readFormat(path, proxyCollectionSchema, 'a collection of `muster proxy collect`');

/** Replaces the file whole: whatever was obtained is in it, or in the one before. */
export const writeCollection = (path: string, collection: Collection): void => replaceFile(path, `${JSON.stringify(collection, undefined, 2)}\n`);

export const ofStatus = ({ entries }: Collection, ...statuses: readonly EntryStatus[]): readonly CollectionEntry[] => entries.filter(({ outcome }) => statuses.includes(outcome.status));

const keyOf = ({ machine, product }: Pick<CollectionEntry, 'machine' | 'product'>): string => `${machine} ${product}`;

/** The collection with these entries in the place of those of the same machine and product. */
export const withEntries = (collection: Collection, changed: readonly CollectionEntry[]): Collection => {
  const latest = new Map(changed.map((entry) => [keyOf(entry), entry]));
  return { ...collection, entries: collection.entries.map((entry) => latest.get(keyOf(entry)) ?? entry) };
};

/**
 * New entries beside what was collected, and perhaps obtained, before: of one machine and product the latest request, and an answer as long as the
 * request is the same. So collecting again loses nothing that was paid for.
 */
export const mergeEntries = (before: readonly CollectionEntry[], found: readonly CollectionEntry[]): readonly CollectionEntry[] => {
  const merged = new Map(before.map((entry) => [keyOf(entry), entry]));
  for (const entry of found) {
    const known = merged.get(keyOf(entry));
    merged.set(keyOf(entry), known?.requestDigest === entry.requestDigest ? { ...known, hostname: entry.hostname ?? known.hostname } : entry);
  }
  return [...merged.values()].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
};

export const withoutPersonalData = (collection: Collection): Collection => ({ ...collection, personalData: false, entries: collection.entries.map((entry) => ({ ...entry, hostname: null })) });
