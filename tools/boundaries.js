/**
 * The import plan of the repository (docs/architecture.md), as data for both of its guards:
 * ESLint checks it between projects by their Nx tags, dependency-cruiser inside them by path.
 *
 * apps → adapters → domain → contracts → kernel; nothing points back.
 */

/** Files that exist for tests alone. Only these may reach for the testing and devstack packages. */
export const TEST_FILES = ['**/*.spec.ts', '**/*.fixture.ts', 'libs/*/src/{conformance,testing}/**/*.ts'];

/** Rooms in which every value comes in as an argument: no framework, driver, clock, randomness or process around them. */
export const PURE_ROOMS = ['libs/kernel', 'libs/contracts', 'libs/domain'];

/** Folders of a service that all its use cases share. Any other folder under its `src` is one use case, closed to its neighbours. */
export const SHARED_ROOMS = {
  authority: ['body', 'ledger', 'vendor', 'wiring'],
  gateway: ['access', 'body', 'limits'],
  activation: ['wiring'],
  'lease-renewal': ['view', 'wiring', 'writer'],
  counting: ['view'],
  'dns-registrar': ['reconcile', 'view', 'wiring'],
};

/** What each kind of project may import: `always`, and beyond that `inTests`. */
const TYPES = {
  kernel: { always: [] },
  contracts: { always: ['kernel'] },
  domain: { always: ['contracts', 'kernel'], inTests: ['testing'] },
  // Adapters side by side are narrowed by scope below: only `service` builds on another one.
  adapter: { always: ['adapter', 'contracts', 'kernel'], inTests: ['testing', 'tooling'] },
  tooling: { always: ['contracts', 'kernel'], inTests: ['testing'] },
  // Builders sign what they build, hence the one adapter (`trust`, by scope).
  testing: { always: ['adapter', 'contracts', 'kernel'] },
  // Both sides of the wire at once, without a wire: the client's logic and the hosts' rules.
  simulator: { always: ['domain', 'adapter', 'contracts', 'kernel'], inTests: ['testing'] },
  // What the services that sign leases share: rules and adapters together, and never a service itself.
  issuance: { always: ['domain', 'adapter', 'contracts', 'kernel'], inTests: ['testing'] },
  app: { always: ['issuance', 'domain', 'adapter', 'contracts', 'kernel'], inTests: ['testing', 'tooling'] },
  cli: { always: ['simulator', 'tooling', 'adapter', 'contracts', 'kernel'], inTests: ['testing'] },
  e2e: { always: ['tooling', 'adapter', 'contracts', 'kernel', 'testing'] },
  bench: { always: ['tooling', 'adapter', 'domain', 'contracts', 'kernel', 'testing'] },
};

/** Which rooms each room may enter: a service takes the shared words and the adapters it needs, never another service. */
const SCOPES = {
  // `trust` is here for the testing package alone: the types above keep kernel, contracts and domain out of it.
  shared: { always: ['shared', 'trust'] },
  'event-store': { always: ['shared'], inTests: ['devstack'] },
  messaging: { always: ['shared'], inTests: ['devstack'] },
  service: { always: ['shared', 'messaging'], inTests: ['devstack'] },
  trust: { always: ['shared'] },
  // Trees, notes and packs for whoever audits: bytes in, bytes out.
  transparency: { always: ['shared'], inTests: ['event-store', 'trust'] },
  // Bytes and sockets of DNS, for the registrar, the client and doctor alike: it knows nothing of Muster.
  'dns-wire': { always: ['shared'], inTests: ['devstack'] },
  // What vendors embed: no Nest, no NATS, nothing of the server.
  client: { always: ['shared', 'trust'], inTests: ['devstack'] },
  devstack: { always: ['shared'] },
  simulator: { always: ['shared', 'client', 'trust'] },
  // The gateway is the only process on the network edge: it holds no ledger, so that breaking into it yields none.
  gateway: { always: ['shared', 'messaging', 'service', 'trust'], inTests: ['devstack'] },
  issuance: { always: ['shared', 'event-store', 'messaging', 'service', 'trust'] },
  activation: { always: ['shared', 'issuance', 'event-store', 'messaging', 'service', 'trust'], inTests: ['devstack'] },
  'lease-renewal': { always: ['shared', 'issuance', 'event-store', 'messaging', 'service', 'trust'], inTests: ['devstack'] },
  counting: { always: ['shared', 'event-store', 'messaging', 'service', 'trust'], inTests: ['devstack'] },
  'dns-registrar': { always: ['shared', 'dns-wire', 'event-store', 'messaging', 'service'], inTests: ['devstack'] },
  // The vendor's side: a ledger of its own, and no bus.
  authority: { always: ['shared', 'issuance', 'event-store', 'service', 'trust'], inTests: ['devstack'] },
  // It writes the NATS users of a private server: hence the table of permissions in messaging.
  cli: { always: ['shared', 'event-store', 'messaging', 'trust', 'client', 'devstack', 'dns-wire', 'simulator'] },
  e2e: { always: ['shared', 'event-store', 'messaging', 'trust', 'client', 'devstack', 'dns-wire'] },
  bench: { always: ['shared', 'event-store', 'messaging', 'trust', 'devstack', 'dns-wire'] },
};

/** Packages from npm that the pure rooms may import; the others are held by their own package.json. */
const EXTERNALS = { kernel: { always: [] }, contracts: { always: ['zod'] }, domain: { always: [] } };
const TEST_EXTERNALS = ['fast-check'];

const allowed = ({ always, inTests = [] }, tests) => (tests ? [...always, ...inTests] : always);

/**
 * The constraints for `@nx/enforce-module-boundaries`. A project must satisfy every constraint that names one of its tags,
 * so an import passes only when its type and its scope both allow it.
 *
 * @param {{ tests: boolean }} options
 */
export const depConstraints = ({ tests }) => [
  ...Object.entries(TYPES).map(([type, rule]) => ({
    sourceTag: `type:${type}`,
    onlyDependOnLibsWithTags: allowed(rule, tests).map((target) => `type:${target}`),
    ...(type in EXTERNALS && { allowedExternalImports: [...EXTERNALS[type].always, ...(tests ? TEST_EXTERNALS : [])] }),
  })),
  ...Object.entries(SCOPES).map(([scope, rule]) => ({
    sourceTag: `scope:${scope}`,
    onlyDependOnLibsWithTags: allowed(rule, tests).map((target) => `scope:${target}`),
  })),
];
