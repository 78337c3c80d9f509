import { join } from 'node:path';
import type { FixtureWorkspace } from './fixture-workspace.js';
import { fixtureWorkspace } from './fixture-workspace.js';
import { repositoryRoot } from './repository-root.js';
import { runTool } from './run-tool.js';

interface Case {
  readonly what: string;
  readonly file: string;
  readonly imports: string;
  /** The rule that must report the file; absent: none may. */
  readonly rule?: string;
}

const cases: readonly Case[] = [
  { what: 'a circle', file: 'libs/domain/src/circle-a.ts', imports: './circle-b.js', rule: 'no-circular' },
  { what: 'an import that leads nowhere', file: 'libs/domain/src/lost.ts', imports: './nowhere.js', rule: 'not-to-unresolvable' },
  { what: "an import past another package's face", file: 'libs/domain/src/deep.ts', imports: '../../contracts/src/inner.js', rule: 'through-the-face-only' },
  { what: 'an import of the own face', file: 'libs/trust/src/self.ts', imports: './index.js', rule: 'not-back-through-the-own-face' },
  { what: 'the domain importing a Node module', file: 'libs/domain/src/node.ts', imports: 'node:fs', rule: 'pure-rooms-stay-pure' },
  { what: 'the domain importing a driver', file: 'libs/domain/src/driver.ts', imports: 'pg', rule: 'pure-rooms-stay-pure' },
  { what: 'the domain importing a framework', file: 'libs/domain/src/framework.ts', imports: '@nestjs/common', rule: 'pure-rooms-stay-pure' },
  { what: 'the domain importing zod', file: 'libs/domain/src/schema.ts', imports: 'zod', rule: 'zod-in-contracts-only' },
  { what: 'contracts importing an adapter', file: 'libs/contracts/src/adapter.ts', imports: '@muster/trust', rule: 'contracts-on-kernel-only' },
  { what: 'a service importing another', file: 'apps/activation/src/other-app.ts', imports: '../../counting/src/fold.js', rule: 'no-service-imports-another' },
  { what: "a use case importing another's inside", file: 'apps/activation/src/activate/one.ts', imports: '../describe/two.js', rule: 'use-cases-apart' },
  { what: 'an import of main.ts', file: 'apps/activation/src/again.ts', imports: './main.js', rule: 'main-is-the-end' },
  { what: 'a service importing a private server', file: 'apps/activation/src/private.ts', imports: '@muster/devstack', rule: 'test-parts-in-tests-only' },
  { what: 'a library importing a test library', file: 'libs/event-store/src/random.ts', imports: 'fast-check', rule: 'test-parts-in-tests-only' },
  { what: 'a library importing a part of its own tests', file: 'libs/messaging/src/borrow.ts', imports: './bus.fixture.js', rule: 'test-parts-in-tests-only' },
  { what: 'the command line importing fakes', file: 'apps/cli/src/fakes.ts', imports: '@muster/testing', rule: 'testing-package-in-tests-only' },
  { what: 'a dependency that package.json does not name', file: 'libs/service/src/undeclared.ts', imports: 'commander', rule: 'declared-dependencies-only' },
  { what: 'a devDependency at run time', file: 'libs/messaging/src/test-only.ts', imports: 'only-for-tests', rule: 'no-dev-dependency-at-run-time' },
  { what: 'a service talking SQL by itself', file: 'apps/counting/src/sql.ts', imports: 'pg', rule: 'drivers-behind-their-adapter' },
  { what: 'a service signing by itself', file: 'apps/activation/src/sign.ts', imports: 'jose', rule: 'jose-behind-trust' },
  { what: 'a service talking NATS by itself', file: 'apps/gateway/src/nats.ts', imports: '@nats-io/transport-node', rule: 'nats-behind-messaging' },

  { what: 'the domain importing contracts by their face', file: 'libs/domain/src/good.ts', imports: '@muster/contracts' },
  { what: 'contracts importing zod', file: 'libs/contracts/src/good.ts', imports: 'zod' },
  { what: 'a spec importing a private server', file: 'apps/activation/src/good.int.spec.ts', imports: '@muster/devstack' },
  { what: 'a use case importing a shared room of its service', file: 'apps/gateway/src/activate/good.ts', imports: '../access/guard.js' },
  { what: 'the event store importing its driver', file: 'libs/event-store/src/good.ts', imports: 'pg' },
  { what: 'a module wiring its use case', file: 'apps/activation/src/good.module.ts', imports: './activate/one.js' },
];

const FACES = ['libs/contracts', 'libs/trust', 'libs/devstack', 'libs/testing'];
const ORPHAN = 'libs/domain/src/forgotten.ts';

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

describe('dependency-cruiser, given the rules of this repository', () => {
  let workspace: FixtureWorkspace;
  let violations: readonly Violation[] = [];

  const reportedFor = (file: string): readonly string[] => violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);

  beforeAll(async () => {
    workspace = fixtureWorkspace(['pg', 'zod', 'jose', 'fast-check', 'commander', 'only-for-tests', '@nestjs/common', '@nats-io/transport-node']);
    workspace.write('libs/messaging/package.json', JSON.stringify({ name: '@muster/messaging', devDependencies: { 'only-for-tests': '*' } }));
    for (const face of FACES) workspace.write(`${face}/src/index.ts`, 'export {};\n');
    for (const file of ['libs/contracts/src/inner.ts', 'apps/counting/src/fold.ts', 'apps/activation/src/describe/two.ts', 'apps/gateway/src/access/guard.ts', 'apps/activation/src/main.ts', 'libs/messaging/src/bus.fixture.ts', ORPHAN]) {
      workspace.write(file, 'export const it = 1;\n');
    }
    workspace.write('libs/domain/src/circle-b.ts', "export * from './circle-a.js';\n");
    for (const { file, imports } of cases) workspace.write(file, `export * as it from '${imports}';\n`);

    const tool = join(repositoryRoot, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const run = await runTool({ args: [tool, '--config', '.dependency-cruiser.js', '--output-type', 'json', 'apps', 'libs'], cwd: workspace.root });
    const report = JSON.parse(run.stdout) as { readonly summary: { readonly violations: readonly Violation[] } };
    violations = report.summary.violations;
  }, 60_000);

  afterAll(() => { workspace.remove(); });

  it.each(cases.map((it) => ({ ...it, verdict: it.rule === undefined ? 'allows' : 'refuses' })))('$verdict $what', ({ file, rule }) => {
    if (rule === undefined) expect(reportedFor(file)).toEqual([]);
    else expect(reportedFor(file)).toContain(rule);
  });

  it('refuses a file that nothing needs', () => {
    expect(reportedFor(ORPHAN)).toEqual(['no-orphans']);
  });

  it('has a case for each of its rules', async () => {
    const { default: config } = (await import(join(repositoryRoot, '.dependency-cruiser.js'))) as { default: { forbidden: readonly { name: string }[] } };
    const tried = new Set([...cases.map(({ rule }) => rule), 'no-orphans']);
    expect(config.forbidden.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });
});
