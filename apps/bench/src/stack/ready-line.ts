/** What a host says of itself when it is ready (`muster host run --json`). */
export interface HostReady {
  readonly url: string;
  readonly operatorTokenFile: string;
  readonly pids: Readonly<Record<string, number>>;
}

interface ReadyMessage {
  readonly status: string;
  readonly url: string;
  readonly operatorTokenFile: string;
  readonly parts: readonly { readonly name: string; readonly pid: number }[];
}

/** Reads a line of the host's output; undefined when it says something else. */
export const readyOf = (line: string): HostReady | undefined => {
  if (!line.startsWith('{')) return undefined;
  let message: Partial<ReadyMessage>;
  try {
    message = JSON.parse(line) as Partial<ReadyMessage>;
  } catch {
    return undefined;
  }
  const { status, url, operatorTokenFile, parts } = message;
  if (status !== 'ready' || url === undefined || operatorTokenFile === undefined || parts === undefined) return undefined;
  return { url, operatorTokenFile, pids: Object.fromEntries(parts.map(({ name, pid }) => [name, pid])) };
};
