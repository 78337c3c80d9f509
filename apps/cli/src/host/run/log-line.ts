/** What a person is told of a line that a service logged. */
export interface LogLine {
  /** 30 information, 40 warning, 50 error. */
  readonly level: number;
  readonly text: string;
}

export const WARNING_LEVEL = 40;

const levelNames: Readonly<Record<string, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 };

interface JsonLine {
  readonly level?: unknown;
  readonly message?: unknown;
  readonly err?: { readonly message?: unknown };
}

const levelOf = (level: unknown): number => (typeof level === 'string' ? levelNames[level] : undefined) ?? WARNING_LEVEL;

const parse = (line: string): JsonLine | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Reads a service's line of JSON; anything else (a crash, a warning of Node) is worth a warning, word for word. */
export const readLogLine = (line: string): LogLine => {
  const entry = parse(line);
  if (entry === undefined) return { level: WARNING_LEVEL, text: line };
  const reason = typeof entry.err?.message === 'string' ? [entry.err.message] : [];
  return { level: levelOf(entry.level), text: [...(typeof entry.message === 'string' ? [entry.message] : [line]), ...reason].join(': ') };
};
