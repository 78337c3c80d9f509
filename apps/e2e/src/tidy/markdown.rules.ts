import { dirname, join, normalize } from 'node:path/posix';
import type { Finding, TextFile, TidyRule } from './tidy-rule.js';
import { file } from './tidy-rule.js';

const isMarkdown = ({ path }: TextFile): boolean => path.endsWith('.md');

/** Blank lines in place of fenced code, so that line numbers stay. */
const withoutCode = (text: string): string => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, (block) => block.replace(/[^\n]/g, ''));

const headings = (text: string, level: number): readonly string[] =>
  withoutCode(text)
    .split('\n')
    .filter((line) => line.startsWith(`${'#'.repeat(level)} `))
    .map((line) => line.slice(level + 1).trim());

/** The fragment that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set(
    withoutCode(text)
      .split('\n')
      .flatMap((line) => /^#{1,6} (.*)$/.exec(line)?.slice(1) ?? [])
      .map(anchorOf),
  );

const LINK = /!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\s*\[[^\]]+\]:\s*(\S+)/g;
const ELSEWHERE = /^([a-z][a-z0-9+.-]*:|\/\/)/i;

const linksOf = ({ text }: TextFile): readonly { readonly target: string; readonly line: number }[] =>
  withoutCode(text)
    .replace(/`[^`\n]*`/g, '')
    .split('\n')
    .flatMap((line, index) => [...line.matchAll(LINK)].map((match) => ({ target: match[1] ?? match[2] ?? '', line: index + 1 })))
    .filter(({ target }) => !ELSEWHERE.test(target));

const deadLinks = (from: TextFile, byPath: ReadonlyMap<string, TextFile>, folders: ReadonlySet<string>): readonly Finding[] =>
  linksOf(from).flatMap(({ target, line }) => {
    const [reference = '', fragment] = target.split('#');
    const path = reference === '' ? from.path : normalize(join(dirname(from.path), decodeURIComponent(reference))).replace(/\/$/, '');
    const found = byPath.get(path);
    if (found === undefined) return folders.has(path) ? [] : [{ path: from.path, line, what: `leads nowhere: ${target}` }];
    const dead = fragment !== undefined && isMarkdown(found) && !anchorsOf(found.text).has(fragment);
    return dead ? [{ path: from.path, line, what: `no such heading: ${target}` }] : [];
  });

const foldersOf = (files: readonly TextFile[]): ReadonlySet<string> => {
  const folders = new Set<string>(['.']);
  for (const { path } of files) for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  return folders;
};

const ADR = /^docs\/adr\/(?!README\.md$|template\.md$)(.+\.md)$/;
const ADR_NAME = /^(\d{4})-[a-z0-9]+(-[a-z0-9]+)+\.md$/;
const ADR_SECTIONS = ['Context', 'Options', 'Decision', 'Consequences', 'Confirmation'];

const checkAdrs = (files: readonly TextFile[]): readonly Finding[] => {
  const adrs = files.filter(({ path }) => ADR.test(path)).sort((a, b) => a.path.localeCompare(b.path));
  return adrs.flatMap(({ path, text }, index) => {
    const number = ADR_NAME.exec(path.slice('docs/adr/'.length))?.[1];
    if (number === undefined) return [{ path, what: 'not named NNNN-verb-noun.md' }];
    const sections = headings(text, 2);
    const missing = ADR_SECTIONS.filter((section) => !sections.includes(section));
    return [
      ...(Number(number) === index + 1 ? [] : [{ path, what: `number ${index + 1} is missing or taken twice before it` }]),
      ...(/^(\*\*)?Status:/m.test(text) ? [] : [{ path, what: 'no line "Status: …"' }]),
      ...missing.map((section) => ({ path, what: `no section "## ${section}"` })),
    ];
  });
};

const adrText = ['# Title', 'Status: accepted', ...ADR_SECTIONS.map((section) => `## ${section}`)].join('\n\n');

export const markdownRules: readonly TidyRule[] = [
  {
    name: 'one title a page',
    reason: 'A page has one subject, and its first heading says which.',
    check: (files) =>
      files.filter(isMarkdown).flatMap(({ path, text }) => {
        const count = headings(text, 1).length;
        return count === 1 ? [] : [{ path, what: `${count} headings of the first level` }];
      }),
    samples: { bad: [[file('a.md', '# A\n# B\n')], [file('a.md', 'no title\n')]], good: [[file('a.md', '# A\n```sh\n# a comment\n```\n')]] },
  },
  {
    name: 'living links',
    reason: 'A link within the repository leads to a file and a heading that exist.',
    check: (files) => {
      const byPath = new Map(files.map((it) => [it.path, it]));
      const folders = foldersOf(files);
      return files.filter(isMarkdown).flatMap((it) => deadLinks(it, byPath, folders));
    },
    samples: {
      bad: [[file('docs/a.md', '[x](b.md)')], [file('docs/a.md', '[x](#there)\n# Here')], [file('a.md', '[x]: nowhere.md')]],
      good: [[file('docs/a.md', '# Once more, here\n[x](../README.md#the-start) [y](#once-more-here) [z](https://a.example) `[q](no.md)` [f](../docs/)'), file('README.md', '# The start')]],
    },
  },
  {
    name: 'decision records in order',
    reason: 'Decisions are numbered from 0001 without a gap, named by what they decide, and all have the same parts.',
    check: checkAdrs,
    samples: {
      bad: [
        [file('docs/adr/0002-use-jest.md', adrText)],
        [file('docs/adr/jest.md', adrText)],
        [file('docs/adr/0001-use-jest.md', adrText.replace('Status:', ''))],
        [file('docs/adr/0001-use-jest.md', adrText.replace('## Confirmation', ''))],
        [file('docs/adr/0001-use-jest.md', adrText), file('docs/adr/0001-use-esm.md', adrText)],
      ],
      good: [[file('docs/adr/0001-use-jest.md', adrText), file('docs/adr/0002-use-esm.md', adrText), file('docs/adr/README.md', '')]],
    },
  },
];
