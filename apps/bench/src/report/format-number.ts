/** About four digits that matter: `12,345`, `12.3`, `0.123`. */
export const formatNumber = (value: number): string => {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
};

/** For a file: counts whole, measures with six digits; more say nothing and make every line long. */
export const roundForFile = (_key: string, value: unknown): unknown => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value);
