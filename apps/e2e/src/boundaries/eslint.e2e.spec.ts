import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.js';
import { runTool } from './run-tool.js';

interface Finding {
  readonly ruleId: string | null;
  readonly line: number;
  readonly message: string;
}

interface Case {
  readonly what: string;
  /** The project whose file the code pretends to be. */
  readonly project: string;
  readonly kind?: 'source' | 'spec';
  readonly code: string;
  /** What ESLint must say; absent: nothing. */
  readonly rule?: string;
  readonly saying?: RegExp;
}

const BOUNDARIES = '@nx/enforce-module-boundaries';
const importing = (name: string): string => `import * as it from '${name}';\nexport const kept = it;\n`;

const cases: readonly Case[] = [
  { what: 'the kernel importing contracts', project: 'libs/kernel', code: importing('@muster/contracts'), rule: BOUNDARIES, saying: /Circular|type:kernel/ },
  { what: 'contracts importing the domain', project: 'libs/contracts', code: importing('@muster/domain'), rule: BOUNDARIES, saying: /Circular|type:contracts/ },
  { what: 'the domain importing a driver', project: 'libs/domain', code: importing('pg'), rule: BOUNDARIES, saying: /type:domain" is not allowed to import "pg"/ },
  { what: 'the domain importing a framework', project: 'libs/domain', code: importing('@nestjs/common'), rule: BOUNDARIES, saying: /type:domain" is not allowed/ },
  { what: 'the domain importing an adapter', project: 'libs/domain', code: importing('@muster/event-store'), rule: BOUNDARIES, saying: /type:domain" can only depend/ },
  { what: 'the domain importing its test builders outside a spec', project: 'libs/domain', code: importing('@muster/testing'), rule: BOUNDARIES, saying: /type:domain" can only/ },
  { what: 'the domain importing a Node module', project: 'libs/domain', code: importing('node:fs'), rule: 'no-restricted-imports' },
  { what: 'the domain reading the clock', project: 'libs/domain', code: 'export const now = Date.now();\n', rule: 'no-restricted-syntax', saying: /Clock port/ },
  { what: 'the domain making a date of now', project: 'libs/domain', code: 'export const now = new Date();\n', rule: 'no-restricted-syntax', saying: /Clock port/ },
  { what: 'the domain drawing an id', project: 'libs/domain', code: 'export const id = globalThis.crypto.randomUUID();\n', rule: 'no-restricted-syntax', saying: /Draws port/ },
  { what: 'the domain waiting', project: 'libs/domain', code: 'setTimeout(() => undefined, 1);\n', rule: 'no-restricted-globals' },
  { what: 'the event store importing another adapter', project: 'libs/event-store', code: importing('@muster/trust'), rule: BOUNDARIES, saying: /scope:event-store/ },
  { what: 'the event store importing the domain', project: 'libs/event-store', code: importing('@muster/domain'), rule: BOUNDARIES, saying: /type:adapter/ },
  { what: 'an app importing another app', project: 'apps/activation', code: importing('@muster/counting'), rule: BOUNDARIES },
  { what: 'an app reaching into another one by path', project: 'apps/activation', code: importing('../../counting/src/index.js'), rule: BOUNDARIES, saying: /relative or absolute/ },
  { what: 'the gateway importing the event store', project: 'apps/gateway', code: importing('@muster/event-store'), rule: BOUNDARIES, saying: /scope:gateway/ },
  { what: 'an app importing a private server outside a spec', project: 'apps/activation', code: importing('@muster/devstack'), rule: BOUNDARIES, saying: /type:app/ },
  { what: 'an app drawing at random', project: 'apps/counting', code: 'export const draw = Math.random();\n', rule: 'no-restricted-syntax', saying: /Draws port/ },
  { what: 'a library printing', project: 'libs/service', code: "console.log('here');\n", rule: 'no-console' },
  { what: 'a default export', project: 'libs/service', code: 'export default 1;\n', rule: 'no-restricted-syntax', saying: /Named exports/ },
  { what: 'a mocked module', project: 'libs/domain', kind: 'spec', code: "jest.mock('./other.js');\n", rule: 'no-restricted-syntax', saying: /fake/ },
  { what: 'a spec of the domain importing an adapter', project: 'libs/domain', kind: 'spec', code: importing('@muster/event-store'), rule: BOUNDARIES, saying: /type:domain/ },

  { what: 'the domain importing contracts and the kernel', project: 'libs/domain', code: `export * from '@muster/contracts';\nexport type { Clock } from '@muster/kernel';\n` },
  { what: 'contracts importing zod', project: 'libs/contracts', code: importing('zod') },
  { what: 'the domain making a date of a given instant', project: 'libs/domain', code: 'export const at = (ms: number): Date => new Date(ms);\n' },
  { what: 'the service library importing messaging', project: 'libs/service', code: importing('@muster/messaging') },
  { what: 'an app importing the rules and its adapters', project: 'apps/activation', code: `export * as rules from '@muster/domain';\nexport * as store from '@muster/event-store';\n` },
  { what: 'a spec of the domain importing builders', project: 'libs/domain', kind: 'spec', code: `${importing('@muster/testing')}export { default as fc } from 'fast-check';\n` },
  { what: 'a command line tool printing', project: 'apps/cli', code: "console.log('here');\n" },
];

/** ESLint reads types of the project that a file belongs to, so the code takes the place of a file that exists. */
const standIn = ({ project, kind = 'source' }: Case): string => {
  const sources = join(repositoryRoot, project, 'src');
  if (kind === 'source') return join(sources, existsSync(join(sources, 'index.ts')) ? 'index.ts' : 'main.ts');
  const spec = readdirSync(sources, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('.spec.ts'));
  if (spec === undefined) throw new Error(`${project} has no spec to stand in for`);
  return join(sources, spec);
};

describe('ESLint, given an import plan', () => {
  let findings: readonly (readonly Finding[])[] = [];

  // One process for all cases: most of its time goes into the project graph and the type checker's start.
  beforeAll(async () => {
    const input = JSON.stringify(cases.map((it) => ({ filePath: standIn(it), text: it.code })));
    const run = await runTool({ args: ['tools/boundaries-lint.js'], cwd: repositoryRoot, input });
    if (run.exitCode !== 0) throw new Error(`ESLint did not run: ${run.stderr}`);
    findings = JSON.parse(run.stdout) as Finding[][];
  }, 120_000);

  it.each(cases.map((it, index) => ({ ...it, index, verdict: it.rule === undefined ? 'allows' : 'refuses' })))('$verdict $what', ({ index, rule, saying }) => {
    const found = findings[index] ?? [];
    if (rule === undefined) {
      expect(found).toEqual([]);
      return;
    }
    expect(found).toContainEqual(expect.objectContaining({ ruleId: rule, message: expect.stringMatching(saying ?? /./) }));
  });
});
