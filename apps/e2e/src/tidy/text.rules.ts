import type { TextFile, TidyRule } from './tidy-rule.js';
import { file, matchingLines } from './tidy-rule.js';

const LINES_MAX = 300;

const isCode = ({ path }: TextFile): boolean => /\.(ts|js|sql)$/.test(path);
const isSpec = ({ path }: TextFile): boolean => path.endsWith('.spec.ts');
/** ESLint, Jest and dependency-cruiser look for their configuration and plug-ins under the default export. */
const isConfiguration = ({ path }: TextFile): boolean => /(\.config|dependency-cruiser)\.js$|^tools\/jest-/.test(path);

// The brackets keep a pattern from finding itself.
const LEFT_OVER = /\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b/;
const FOCUSED_OR_SKIPPED = /\b(describe|it|test)(\.\w+)*\.(only|skip|todo)(\.each)?[(`]|\b(fdescribe|fit|xdescribe|xit|xtest)\(/;
const MACHINE_PATH = /(?<![\w.$}*-])\/(work|root|home\/\w+|Users\/\w+)\/[\w.]/;
const REGISTRY = /--regi[s]try\b|^\s*registry\s*=|npm_config_regi[s]try/i;
const SLEEP = /\bawait sleep\(|\bawait (setTimeout|delay)\(\s*[\d_]{3,}/;
const UNEXPLAINED = /eslint-disable(?!.* -- \S)/;

const word = (...parts: readonly string[]): string => parts.join('');

export const textRules: readonly TidyRule[] = [
  {
    name: 'short files',
    reason: `A file of more than ${LINES_MAX} lines holds two things: give the second its own name.`,
    check: (files) =>
      files.filter(isCode).flatMap(({ path, text }) => {
        const lines = text.trimEnd().split('\n').length;
        return lines > LINES_MAX ? [{ path, what: `${lines} lines` }] : [];
      }),
    samples: { bad: [[file('libs/x/src/long.ts', 'x;\n'.repeat(LINES_MAX + 1))]], good: [[file('libs/x/src/fits.ts', 'x;\n'.repeat(LINES_MAX))]] },
  },
  {
    name: 'no notes to self',
    reason: 'What is left to do stands in an issue, where somebody looks.',
    check: (files) => files.flatMap((it) => matchingLines(it, LEFT_OVER, (match) => match)),
    samples: {
      bad: [[file('a.ts', `// ${word('TO', 'DO')}: later`)], [file('b.md', word('FIX', 'ME'))]],
      good: [[file('a.ts', "mkdtemp('muster-XXXXXX'); // todos are a list")]],
    },
  },
  {
    name: 'every test runs',
    reason: 'A focused test switches all others off; a skipped one says nothing. What needs a missing program is skipped by a named condition, loudly.',
    check: (files) => files.filter(isSpec).flatMap((it) => matchingLines(it, FOCUSED_OR_SKIPPED, (match) => match)),
    samples: {
      bad: [
        [file('a.spec.ts', word('it.', 'only', "('x', () => {})"))],
        [file('a.spec.ts', word('describe.', 'skip', "('x', () => {})"))],
        [file('a.spec.ts', word('it.', 'skip', '.each([1])'))],
        [file('a.spec.ts', word('x', "it('x')"))],
      ],
      good: [[file('a.spec.ts', "const itWithGit = git ? it : it.skip;\nitWithGit('x');\nexit('x');")]],
    },
  },
  {
    name: 'tests do not sleep',
    reason: 'A sleep is too long on every machine and too short on the slowest: wait for the fact.',
    check: (files) => files.filter(isSpec).flatMap((it) => matchingLines(it, SLEEP, (match) => match)),
    samples: { bad: [[file('a.spec.ts', word('await sl', 'eep(50);'))], [file('a.spec.ts', word('await set', 'Timeout(500);'))]], good: [[file('a.spec.ts', 'await waitFor(ready);')]] },
  },
  {
    name: 'named exports',
    reason: 'One name for one thing, wherever it is read.',
    check: (files) => files.filter((it) => isCode(it) && !isConfiguration(it)).flatMap((it) => matchingLines(it, /^export default\b/, (match) => match)),
    samples: { bad: [[file('a.ts', 'export default 1;')]], good: [[file('jest.config.js', 'export default {};')], [file('a.ts', 'export const a = 1;')]] },
  },
  {
    name: 'explained exceptions',
    reason: 'Whoever switches a rule off says why, on the same line: ` -- because …`.',
    check: (files) => files.filter(isCode).flatMap((it) => matchingLines(it, UNEXPLAINED, () => 'no reason given')),
    samples: {
      bad: [[file('a.ts', `// ${word('eslint-', 'disable')}-next-line no-console`)]],
      good: [[file('a.ts', `// ${word('eslint-', 'disable')}-next-line no-console -- the terminal is the point`)]],
    },
  },
  {
    name: 'no machine in the text',
    reason: 'A path or a registry of one machine does not exist on the next one.',
    check: (files) => files.flatMap((it) => [...matchingLines(it, MACHINE_PATH, (match) => match), ...matchingLines(it, REGISTRY, (match) => match)]),
    samples: {
      bad: [[file('a.ts', `'${word('/wo', 'rk/main')}'`)], [file('README.md', `cd ${word('/ro', 'ot/muster')}`)], [file('.npmrc', word('regi', 'stry=https://npm.example'))]],
      good: [[file('a.ts', "'/var/lib/muster', 'src/work/order.ts', '/root'")]],
    },
  },
  {
    name: 'kebab-case files',
    reason: 'One way to write a name, on file systems that tell cases apart and those that do not.',
    check: (files) => files.filter(isCode).flatMap(({ path }) => (/^[a-z0-9.-]+$/.test(path.slice(path.lastIndexOf('/') + 1)) ? [] : [{ path, what: 'not kebab-case' }])),
    samples: { bad: [[file('libs/x/src/poolCount.ts', '')]], good: [[file('libs/x/src/pool-count.fold.ts', '')]] },
  },
];
