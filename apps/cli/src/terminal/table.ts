/** One column: its title, its cell for a row, and whether numbers in it are set to the right. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  readonly right?: boolean;
}

const GAP = '  ';

const pad = (text: string, width: number, right: boolean): string => (right ? text.padStart(width) : text.padEnd(width));

/** Lines of a plain table, titles first, as wide as its widest cells, without trailing spaces. */
export const tableLines = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly string[] => {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => (line[index] ?? '').length)));
  return cells.map((line) =>
    line
      .map((text, index) => pad(text, widths[index] ?? 0, columns[index]?.right ?? false))
      .join(GAP)
      .trimEnd(),
  );
};
