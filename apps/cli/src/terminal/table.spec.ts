import { tableLines } from './table.js';

describe('a table', () => {
  it('is as wide as its widest cells, numbers to the right, without trailing spaces', () => {
    const columns = [
      { title: 'part', cell: ([name]: readonly string[]) => name ?? '' },
      { title: 'pid', cell: ([, pid]: readonly string[]) => pid ?? '', right: true },
      { title: '', cell: ([, , note]: readonly string[]) => note ?? '' },
    ];
    expect(
      tableLines(columns, [
        ['gateway', '7', ''],
        ['nats', '12345', 'new'],
      ]),
    ).toEqual(['part       pid', 'gateway      7', 'nats     12345  new']);
  });

  it('without rows is its titles', () => {
    expect(tableLines([{ title: 'part', cell: String }], [])).toEqual(['part']);
  });
});
