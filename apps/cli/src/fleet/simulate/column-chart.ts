export interface ChartOptions {
  readonly title: string;
  /** Columns of the plot; each stands for as many values as it takes to fit all in. */
  readonly widthMax: number;
  readonly height: number;
  /** Below the first and the last column. */
  readonly from: string;
  readonly to: string;
}

const EIGHTHS = ['', '▁', '▂', '▃', '▄', '▅', '▆', '▇'] as const;
const FULL = '█';

/** Each column is the highest of its values: a peak of one hour must not vanish in a mean. */
const columnsOf = (values: readonly number[], widthMax: number): readonly number[] => {
  const each = Math.max(1, Math.ceil(values.length / widthMax));
  return Array.from({ length: Math.ceil(values.length / each) }, (_, column) => Math.max(...values.slice(column * each, (column + 1) * each)));
};

const cell = (value: number, { highest, row, height }: { readonly highest: number; readonly row: number; readonly height: number }): string => {
  // Whatever is not nothing shows.
  const eighths = value === 0 ? 0 : Math.max(1, Math.round((value / highest) * height * 8));
  const inRow = Math.max(0, Math.min(8, eighths - row * 8));
  return inRow === 8 ? FULL : EIGHTHS[inRow] || ' ';
};

/** A chart of columns in text: the scale at the left, the stretch of time below. */
export const columnChart = (values: readonly number[], { title, widthMax, height, from, to }: ChartOptions): readonly string[] => {
  const columns = columnsOf(values, widthMax);
  const highest = Math.max(1, ...columns);
  const scale = highest.toLocaleString('en-US');
  const rows = Array.from({ length: height }, (_, index) => {
    const row = height - 1 - index;
    const label = index === 0 ? scale : row === 0 ? '0' : '';
    return `${label.padStart(scale.length)} │${columns.map((value) => cell(value, { highest, row, height })).join('')}`.trimEnd();
  });
  const margin = ' '.repeat(scale.length + 2);
  return [title, ...rows, `${margin}${from}${to.padStart(Math.max(to.length + 1, columns.length - from.length))}`];
};
