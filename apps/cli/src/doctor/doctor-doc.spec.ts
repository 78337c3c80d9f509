import { readFileSync } from 'node:fs';
import { findingCatalogue } from './finding-catalogue.js';

/** Rows of the tables of findings: id, severities, meaning, remedy. */
const rows = readFileSync(new URL('../../../../docs/operating/doctor.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.slice(2, -2).split(' | '));

describe('docs/operating/doctor.md', () => {
  it('lists every finding that doctor can make, and no other, in the words of the catalogue', () => {
    const catalogue = Object.entries(findingCatalogue).map(([id, { severities, meaning, remedy }]) => [`\`${id}\``, severities.join(', '), meaning, remedy]);
    expect(rows).toEqual(catalogue);
  });
});
