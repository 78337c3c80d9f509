import type { Finding, TextFile, TidyRule } from './tidy-rule.js';
import { file } from './tidy-rule.js';

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const OWN_IMPORT = /^(?:import|export|\}).* from '(@muster\/[a-z-]+)'|\bimport\('(@muster\/[a-z-]+)'\)/gm;

const TEST_FILE = /\.(spec|fixture)\.ts$|\/src\/(conformance|testing)\//;

const undeclared = (source: TextFile, manifest: Manifest): readonly Finding[] => {
  const declared = { ...manifest.dependencies, ...(TEST_FILE.test(source.path) ? manifest.devDependencies : {}) };
  const names = new Set([...source.text.matchAll(OWN_IMPORT)].map((match) => match[1] ?? match[2] ?? ''));
  return [...names].filter((name) => name !== manifest.name && !(name in declared)).map((name) => ({ path: source.path, what: `${name} is not in its package.json` }));
};

const manifestOf = (path: string, manifests: ReadonlyMap<string, Manifest>): Manifest | undefined => {
  const project = /^((?:apps|libs)\/[^/]+)\/src\/.*\.ts$/.exec(path)?.[1];
  return project === undefined ? undefined : manifests.get(`${project}/package.json`);
};

const IMPORT = "export * from '@muster/kernel';";
const manifest = (fields: Manifest): TextFile => file('libs/x/package.json', JSON.stringify({ name: '@muster/x', ...fields }));

export const workspaceRules: readonly TidyRule[] = [
  {
    name: 'declared neighbours',
    reason: "A workspace package that package.json does not name is found here by hoisting, and missing in an image that installs one service's own dependencies.",
    check: (files) => {
      const manifests = new Map(files.filter(({ path }) => path.endsWith('package.json')).map(({ path, text }) => [path, JSON.parse(text) as Manifest]));
      return files.flatMap((it) => {
        const own = manifestOf(it.path, manifests);
        return own === undefined ? [] : undeclared(it, own);
      });
    },
    samples: {
      bad: [
        [manifest({}), file('libs/x/src/a.ts', IMPORT)],
        [manifest({ devDependencies: { '@muster/kernel': '*' } }), file('libs/x/src/a.ts', IMPORT)],
      ],
      good: [
        [manifest({ dependencies: { '@muster/kernel': '*' } }), file('libs/x/src/a.ts', IMPORT)],
        [manifest({ devDependencies: { '@muster/kernel': '*' } }), file('libs/x/src/a.spec.ts', IMPORT)],
      ],
    },
  },
];
