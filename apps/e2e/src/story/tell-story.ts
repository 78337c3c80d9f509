import { openStage } from './stage.js';
import type { Story } from './story.js';
import { StorySkipped } from './story.js';

/** The story did not hold; the directory with its data and logs was kept. */
export class StoryFailed extends Error {
  override readonly name = 'StoryFailed';
}

/** Somebody wanted it to end; nothing of it is left. */
export class StoryInterrupted extends Error {
  override readonly name = 'StoryInterrupted';
}

const within = async <T>(work: Promise<T>, timeoutMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not told to its end within ${timeoutMs / 1000} s`)), timeoutMs);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
};

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new StoryInterrupted('interrupted')), { once: true }));

export interface Telling {
  readonly print: (line: string) => void;
  /** Ends the story early; what it started is ended all the same. */
  readonly signal?: AbortSignal;
}

/**
 * Tells a story on a stage of its own and clears it away, whatever happens. Answers the result in one sentence.
 *
 * @throws StoryFailed when something did not hold, with the reason as its cause
 * @throws StorySkipped when it cannot be told on this machine; StoryInterrupted when `signal` ended it
 */
export const tellStory = async (story: Story, { print, signal = new AbortController().signal }: Telling): Promise<string> => {
  const stage = openStage(print);
  try {
    const result = await within(Promise.race([story.tell(stage), untilAborted(signal)]), story.timeoutMs);
    await stage.clear();
    stage.remove();
    return result;
  } catch (error) {
    await stage.clear().catch((trouble: unknown) => print(String(trouble)));
    if (error instanceof StorySkipped || error instanceof StoryInterrupted) {
      stage.remove();
      throw error;
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoryFailed(`${story.name} does not hold: ${reason} (data and logs: ${stage.dir})`, { cause: error });
  }
};
