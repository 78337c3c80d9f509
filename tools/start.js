// `npm start`: installs and builds what is missing, then runs an activation host until Ctrl-C.
import { ensureBuilt, ensureInstalled } from './bootstrap.js';
import { runNode } from './workspace.js';

await ensureInstalled();
await ensureBuilt();
process.exit(await runNode('apps/cli/bin/muster.js', ['host', 'run', ...process.argv.slice(2)]));
