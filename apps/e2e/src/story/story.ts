import type { Stage } from './stage.js';

/** A claim about running processes, shown by doing it. */
export interface Story {
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly sentence: string;
  /** On two slow cores, with everything else that runs there. */
  readonly timeoutMs: number;
  /** Throws where something does not hold; answers the result in one sentence, with figures. */
  readonly tell: (stage: Stage) => Promise<string>;
}

/** The story needs something that this machine does not have: nothing was shown, and nothing refuted. */
export class StorySkipped extends Error {
  override readonly name = 'StorySkipped';
}
