import { firstIssue } from './schema.js';
import { asTraceparent } from './wire-headers.js';

describe('asTraceparent', () => {
  it('takes what Trace Context allows, and nothing else', () => {
    const valid = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(asTraceparent(valid)).toBe(valid);
    for (const value of [undefined, '', 'x', `${valid}-extra`, valid.toUpperCase(), `${valid}\n`]) expect(asTraceparent(value)).toBeUndefined();
  });
});

describe('firstIssue', () => {
  it('points with RFC 6901', () => {
    expect(firstIssue([{ path: ['a/b', 0, 'c~d'], message: 'wrong' }])).toBe('/a~1b/0/c~0d: wrong');
    expect(firstIssue([{ path: [], message: 'wrong' }])).toBe('(root): wrong');
    expect(firstIssue([])).toBe('not of the schema');
  });
});
