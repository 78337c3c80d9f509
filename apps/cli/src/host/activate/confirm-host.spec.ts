import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aConfirmedHost } from '@muster/testing';
import { encodeConfirmation } from '@muster/trust';
import { codeRows } from './code-rows.js';
import { readConfirmation } from './confirm-host.js';

const dir = mkdtempSync(join(tmpdir(), 'muster-confirm-'));
afterAll(() => rmSync(dir, { recursive: true }));

const inFile = (content: string): readonly string[] => {
  const file = join(dir, 'confirmation');
  writeFileSync(file, content);
  return [file];
};

describe('a confirmation', () => {
  it('is read as it was heard, as it was printed, and from a file of either', async () => {
    const { confirmation } = await aConfirmedHost();
    const code = encodeConfirmation(confirmation);
    for (const given of [code.split(' '), [code], [codeRows(code).join('\n')], inFile(codeRows(code).join('\n')), inFile(JSON.stringify(confirmation))]) {
      expect(readConfirmation(given)).toEqual(confirmation);
    }
  });

  it('that was misheard is refused, and the group is named', async () => {
    const groups = encodeConfirmation((await aConfirmedHost()).confirmation).split(' ');
    const heard = groups.map((group, index) => (index === 4 ? `${(Number(group[0]) + 1) % 10}${group.slice(1)}` : group));
    expect(() => readConfirmation(heard)).toThrow('Group 5');
  });
});
