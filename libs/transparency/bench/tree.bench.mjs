/**
 * What a leaf costs: frontier and tiles beside the SHA-256 of two hashes, in interleaved rounds of one run; then proofs from the tiles.
 * Run after a build: node libs/transparency/bench/tree.bench.mjs [leaves per round]
 */
import { Buffer } from 'node:buffer';
import console from 'node:console';
import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { consistencyProof, createFrontier, createTileBuilder, inclusionProof, inMemoryTiles, verifyInclusion } from '@muster/transparency';

const LEAVES = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 5;
const DISTINCT = 1024;

const leaves = Array.from({ length: DISTINCT }, (_, n) => createHash('sha256').update(String(n)).digest());
const pair = Buffer.concat([Buffer.of(1), leaves[0], leaves[1]]);
const perSecond = (work) => {
  const began = performance.now();
  work();
  return (LEAVES / (performance.now() - began)) * 1000;
};
const forEachLeaf = (append) => () => {
  for (let n = 0; n < LEAVES; n += 1) append(leaves[n % DISTINCT]);
};

const tiles = inMemoryTiles();
let builder;
const works = {
  'frontier, leaves/s': () => perSecond(forEachLeaf(createFrontier().append)),
  'tiles, leaves/s': () => {
    builder = createTileBuilder({ onTile: tiles.put });
    return perSecond(forEachLeaf(builder.append));
  },
  'createHash of one node, hashes/s': () => perSecond(forEachLeaf(() => createHash('sha256').update(pair).digest())),
};
const results = Object.fromEntries(Object.keys(works).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) for (const [name, work] of Object.entries(works)) results[name].push(work());
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
for (const [name, values] of Object.entries(results)) console.log(`${name}: ${Math.round(median(values)).toLocaleString('en')}`);

builder.partialTiles().forEach(tiles.put);
const PROOFS = 1000;
let began = performance.now();
for (let n = 0; n < PROOFS; n += 1) await inclusionProof({ leafIndex: (n * 7919) % LEAVES, treeSize: LEAVES }, tiles);
console.log(`inclusion proof from tiles in memory: ${(((performance.now() - began) / PROOFS) * 1000).toFixed(0)} us`);
began = performance.now();
for (let n = 0; n < PROOFS; n += 1) await consistencyProof({ firstSize: 1 + ((n * 7919) % LEAVES), secondSize: LEAVES }, tiles);
console.log(`consistency proof from tiles in memory: ${(((performance.now() - began) / PROOFS) * 1000).toFixed(0)} us`);
const [root, proof] = [builder.root(), await inclusionProof({ leafIndex: 4711 % LEAVES, treeSize: LEAVES }, tiles)];
began = performance.now();
for (let n = 0; n < PROOFS; n += 1) if (!verifyInclusion({ leafIndex: 4711 % LEAVES, treeSize: LEAVES, leafHash: leaves[(4711 % LEAVES) % DISTINCT], root, proof })) throw new Error('does not verify');
console.log(`verify one: ${(((performance.now() - began) / PROOFS) * 1000).toFixed(0)} us; root from the tiles kept: ${(() => { began = performance.now(); builder.root(); return ((performance.now() - began) * 1000).toFixed(0); })()} us`);
