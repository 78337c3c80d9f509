// `npm run build | lint | typecheck | demo | bench | story`: one verb each, with what it needs done first.
import { ensureBuilt, ensureInstalled } from './bootstrap.js';
import { installedProgram, run, runNode, say } from './workspace.js';

/** A target of every project; Nx does only what changed. */
const nx = (target) => (args) => run(installedProgram('nx'), ['run-many', '-t', target, '--outputStyle=static', ...args]);

const program = (script, leading = []) => async (args) => {
  await ensureBuilt();
  return runNode(script, [...leading, ...args]);
};

/** Import rules are checked by both: ESLint between projects, dependency-cruiser inside them. */
async function lint(args) {
  const eslint = await run(installedProgram('eslint'), args.length > 0 ? args : ['.']);
  const depcruise = await run(installedProgram('depcruise'), ['apps', 'libs', '--config', '.dependency-cruiser.js']);
  return eslint || depcruise;
}

export const verbs = {
  build: nx('build'),
  lint,
  typecheck: nx('typecheck'),
  demo: program('apps/cli/bin/muster.js', ['demo']),
  bench: program('apps/bench/dist/main.js'),
  story: program('apps/e2e/dist/main.js'),
};

if (import.meta.filename === process.argv[1]) {
  const [verb, ...args] = process.argv.slice(2);
  if (!Object.hasOwn(verbs, verb ?? '')) {
    say(`usage: node tools/run.js ${Object.keys(verbs).join('|')} [ARGUMENT...]`);
    process.exit(64);
  }
  await ensureInstalled();
  process.exit(await verbs[verb](args));
}
