// Ends what its launcher started, once the launcher is gone without having done so itself (SIGKILL, a crash).
// Standard input: one JSON array a line, the whole list of processes to end; its end means that the launcher is gone.
import { createInterface } from 'node:readline';
import { endProcess } from './ending.js';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {}); // it outlives its launcher on purpose

let watched = [];
for await (const line of createInterface({ input: process.stdin })) watched = JSON.parse(line);
await Promise.all(watched.map(endProcess));
