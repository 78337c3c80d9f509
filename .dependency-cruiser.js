import { SHARED_ROOMS } from './tools/boundaries.js';

/**
 * The import rules inside projects, and those between projects that ESLint's tags cannot say. `comment` is what the offender reads.
 * Paths are matched after resolution, so a workspace package appears as `libs/<name>/…`, a module from npm as `node_modules/…`.
 */

const TESTS = '\\.(spec|fixture)\\.[jt]s$|/src/(conformance|testing)/';
const PURE = '^libs/(kernel|contracts|domain)/src/';
const SERVICES = Object.keys(SHARED_ROOMS).join('|');
const SHARED = Object.entries(SHARED_ROOMS).flatMap(([app, rooms]) => rooms.map((room) => `^apps/${app}/src/${room}/`));
/** Started by name and never imported: entry points of processes, and public faces that no other project enters yet. */
const ENTRY_POINTS = ['^(apps|libs)/[^/]+/src/(index|main)\\.ts$', '^(apps|libs)/[^/]+/src/bin/', '^apps/(bench|cli|e2e)/src/'];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or hide a third one that both need.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing imports it and it imports nothing: dead code, or a test that tests nothing.',
      severity: 'error',
      from: { orphan: true, pathNot: [...ENTRY_POINTS, '\\.d\\.ts$'] },
      to: {},
    },
    {
      name: 'not-to-unresolvable',
      comment: 'The import leads nowhere; it fails at run time, whatever the editor says.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'through-the-face-only',
      comment: "Another package is entered by a face (`@muster/x`, its index.ts, or a room's that its package.json exports). What the face does not show may change any day.",
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^(apps|libs)/[^/]+/', pathNot: ['^(apps|libs)/$2/', '^libs/[^/]+/src/index\\.ts$', '^libs/service/src/openapi/index\\.ts$'] },
    },
    {
      name: 'not-back-through-the-own-face',
      comment: "A file inside that imports its own package's index.ts makes the whole package one circle.",
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/src/', pathNot: TESTS },
      to: { path: '^(apps|libs)/$2/src/index\\.ts$' },
    },
    {
      name: 'pure-rooms-stay-pure',
      comment: 'Kernel, contracts and domain are decided by their arguments alone: no Node module, driver or framework. Only contracts may use zod.',
      severity: 'error',
      from: { path: PURE, pathNot: TESTS },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg', 'npm-unknown'], pathNot: '^node_modules/zod/' },
    },
    {
      name: 'zod-in-contracts-only',
      comment: 'Schemas are words that cross a process; the rules see values that were checked already.',
      severity: 'error',
      from: { path: '^libs/(kernel|domain)/src/' },
      to: { path: '^node_modules/zod/' },
    },
    {
      name: 'contracts-on-kernel-only',
      comment: 'Contracts are read by every process, so whatever they import, everybody imports.',
      severity: 'error',
      from: { path: '^libs/contracts/src/' },
      to: { path: '^(apps|libs)/', pathNot: '^libs/(contracts|kernel)/' },
    },
    {
      name: 'no-service-imports-another',
      comment: 'Services meet on the bus, in words from contracts. An import would deploy one inside the other.',
      severity: 'error',
      from: { path: `^apps/([^/]+)/` },
      to: { path: `^apps/(${SERVICES}|cli)/`, pathNot: '^apps/$1/' },
    },
    {
      name: 'use-cases-apart',
      comment:
        'A folder of an app is one use case, and it can be deleted alone. What several need lives in a file beside them, in a library, or in a shared room (SHARED_ROOMS in tools/boundaries.js); only the module that wires the app knows them all.',
      severity: 'error',
      from: { path: `^apps/(${SERVICES})/src/([^/]+)/`, pathNot: TESTS },
      to: { path: `^apps/(${SERVICES})/src/[^/]+/`, pathNot: ['^apps/$1/src/$2/', ...SHARED] },
    },
    {
      name: 'main-is-the-end',
      comment: 'main.ts starts a process when it is read, so reading it for anything else starts one too.',
      severity: 'error',
      from: {},
      to: { path: '^apps/[^/]+/src/main\\.ts$' },
    },
    {
      name: 'test-parts-in-tests-only',
      comment: 'The testing package, private servers and test libraries are not installed where services run.',
      severity: 'error',
      from: { path: `^(libs|apps/(${SERVICES}))/`, pathNot: [TESTS, '^libs/(testing|devstack)/'] },
      to: { path: ['^libs/(testing|devstack)/', '^node_modules/(@jest|jest|fast-check)/', TESTS] },
    },
    {
      name: 'testing-package-in-tests-only',
      comment: 'The command line ships; its builders and fakes do not.',
      severity: 'error',
      from: { path: '^apps/cli/', pathNot: TESTS },
      to: { path: ['^libs/testing/', '^node_modules/(@jest|jest|fast-check)/'] },
    },
    {
      name: 'declared-dependencies-only',
      comment: "Not in this project's package.json: it works here by luck of hoisting, and is missing in the image that installs this project alone.",
      severity: 'error',
      from: { path: '^(apps|libs)/[^/]+/src/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-dependency-at-run-time',
      comment: 'A devDependency is absent after `npm ci --omit=dev`, which is how images are built. (Types alone are erased, so they may come from anywhere.)',
      severity: 'error',
      from: { path: `^(libs|apps/(${SERVICES}|cli))/`, pathNot: [TESTS, '^libs/testing/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'drivers-behind-their-adapter',
      comment: 'One library talks to each outside system, so that its errors, limits and versions are dealt with once.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [TESTS, '^libs/(event-store|devstack)/', '^apps/(bench|e2e|cli)/'] },
      to: { path: '^node_modules/(pg|pg-copy-streams|typeorm)/' },
    },
    {
      name: 'jose-behind-trust',
      comment: 'Signing and verifying in one place: algorithms and token types are allow-listed there.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [TESTS, '^libs/trust/'] },
      to: { path: '^node_modules/jose/' },
    },
    {
      name: 'nats-behind-messaging',
      comment: 'Subjects, credentials and the error codec belong to the bus, not to whoever uses it.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [TESTS, '^libs/(messaging|devstack)/', '^apps/(bench|e2e)/'] },
      to: { path: '^node_modules/@nats-io/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|out-tsc|coverage)/' },
    // Imports of types count: they are couplings too, even when they leave no trace in the output.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    // `.js` in an import means the `.ts` beside it, and `@muster/x` its sources, as for tsc and Jest.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@muster/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
    },
  },
};
