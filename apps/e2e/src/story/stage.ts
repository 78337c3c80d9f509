import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host, HostOptions } from '../host/host.js';
import { startHost } from '../host/host.js';

/** Where a story is told: a directory of its own, hosts that end with it, and somebody who listens. */
export interface Stage {
  readonly dir: string;
  /** The next numbered step. */
  step(text: string): void;
  /** What the step came to. */
  note(text: string): void;
  /** Starts a host on a directory below the stage's; it ends with the story at the latest. */
  startHost(options?: Omit<HostOptions, 'dataDir'> & { readonly name?: string }): Promise<Host>;
  /** Whatever else has to be undone when the story ends; last added, first done. */
  onEnd(undo: () => Promise<void>): void;
}

export interface OpenStage extends Stage {
  /** Ends all that was started here. */
  clear(): Promise<void>;
  /** Removes the directory. */
  remove(): void;
}

export const openStage = (print: (line: string) => void): OpenStage => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-story-'));
  const undo: (() => Promise<void>)[] = [];
  let steps = 0;
  return {
    dir,
    step: (text) => print(`${(steps += 1)}. ${text}`),
    note: (text) => print(`   ${text}`),
    startHost: async ({ name = 'data', ...options } = {}) => {
      const host = startHost({ ...options, dataDir: join(dir, name) });
      undo.push(() => host.then((started) => started.end(), () => undefined));
      return host;
    },
    onEnd: (action) => void undo.push(action),
    clear: async () => {
      const failures: unknown[] = [];
      for (const action of undo.splice(0).reverse()) await action().catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw new AggregateError(failures, 'the story could not clear away everything that it started');
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
};
