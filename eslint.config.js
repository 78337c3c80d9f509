import { createProjectGraphAsync, workspaceRoot } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import { builtinRules } from 'eslint/use-at-your-own-risk';
import tseslint from 'typescript-eslint';
import { depConstraints, PURE_ROOMS, TEST_FILES } from './tools/boundaries.js';

// Without a project graph in its cache, Nx's rule skips itself in silence; so the graph is made here, before any file is read.
process.env.NX_DAEMON ??= 'false';
await createProjectGraphAsync({ exitOnError: true });

/** What `@eslint/js` calls recommended, read from ESLint itself: one package less. */
const recommended = Object.fromEntries([...builtinRules].filter(([, rule]) => rule.meta.docs.recommended).map(([name]) => [name, 'error']));

const SOURCES = ['{apps,libs}/*/src/**/*.ts'];
/** Processes for people and machines of ours: they print, and they may look at the wall clock. */
const TOOLS = ['apps/{cli,e2e,bench}/**', 'libs/devstack/**', 'tools/**'];
const SERVICES_AND_LIBS = ['apps/{gateway,activation,counting}/src/**/*.ts', 'libs/*/src/**/*.ts'];

const moduleBoundaries = ({ tests }) => [
  'error',
  // `@jest/globals` comes with Jest; naming it too would be a second version to keep in step.
  { depConstraints: depConstraints({ tests }), banTransitiveDependencies: true, allow: tests ? ['@jest/globals'] : [] },
];

/** Selectors are merged by hand: in flat config a later `no-restricted-syntax` replaces an earlier one. */
const everywhere = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports: one name for one thing, wherever it is read.' },
  { selector: 'TSEnumDeclaration', message: 'A union of literals says the same and needs no code.' },
  {
    selector: "CallExpression[callee.object.name='jest'][callee.property.name=/^(mock|doMock|unstable_mockModule|setMock)$/]",
    message: 'Hand in a fake that passes the conformance suite of the real thing.',
  },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Draw from the Draws port, or from a seed in tests.' },
];
const noClockNoDice = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: "Time comes from the Clock port (kernel's `systemClock` in wiring)." },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "Time comes from the Clock port (kernel's `systemClock` in wiring)." },
  { selector: "CallExpression[callee.name='Date']", message: "Time comes from the Clock port (kernel's `systemClock` in wiring)." },
  { selector: "MemberExpression[property.name='randomUUID']", message: "Ids come from the Draws port (kernel's `systemDraws` in wiring): every draw is recorded." },
  { selector: "ImportSpecifier[imported.name=/^(randomUUID|randomInt)$/]", message: "Ids come from the Draws port (kernel's `systemDraws` in wiring): every draw is recorded." },
];
/** What a pure room would have to reach out for. */
const outsideWorld = ['process', 'performance', 'crypto', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];

export default tseslint.config(
  { ignores: ['**/node_modules', '**/dist', '**/out-tsc', '**/coverage', '.nx', '.muster', 'apps/bench/results'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  { rules: recommended },

  {
    files: ['**/*.js'],
    languageOptions: { globals: Object.fromEntries(Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly'])) },
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }], 'no-var': 'error', 'prefer-const': 'error', eqeqeq: 'error' },
  },

  {
    files: SOURCES,
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    plugins: { '@nx': nx },
    languageOptions: {
      // Told rather than inferred: Nest reads the types of constructor parameters at run time, so those imports must not become `import type`.
      parserOptions: { projectService: true, tsconfigRootDir: workspaceRoot, emitDecoratorMetadata: true, experimentalDecorators: true },
    },
    rules: {
      '@nx/enforce-module-boundaries': moduleBoundaries({ tests: false }),
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      // Of no use beside the compiler: it takes a call's type argument `void` for a mistake.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: 'error',
      'no-param-reassign': 'error',
      'no-restricted-syntax': ['error', ...everywhere],
    },
  },

  {
    files: SERVICES_AND_LIBS,
    ignores: [...TOOLS, ...TEST_FILES, 'libs/kernel/src/{clock,draws}.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, ...noClockNoDice] },
  },
  { files: SERVICES_AND_LIBS, rules: { 'no-console': 'error' } },

  {
    files: PURE_ROOMS.map((room) => `${room}/src/**/*.ts`),
    ignores: [...TEST_FILES, 'libs/kernel/src/{clock,draws}.ts'],
    rules: {
      'no-restricted-globals': ['error', ...outsideWorld.map((name) => ({ name, message: 'A pure room reaches for nothing: hand it in as an argument.' }))],
      'no-restricted-imports': ['error', { patterns: [{ regex: '^node:', message: 'A pure room runs anywhere: no Node modules.' }] }],
    },
  },

  {
    files: TEST_FILES,
    rules: {
      '@nx/enforce-module-boundaries': moduleBoundaries({ tests: true }),
      // A test may say that it knows better; the assertion that follows proves it.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
