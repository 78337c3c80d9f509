#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/main.js', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write('muster is not built yet. In the root of the clone: npm ci && npm run build   (npm start does both)\n');
  process.exitCode = 1;
}
