import type { Story } from './story.js';
import { StorySkipped } from './story.js';
import { tellStory } from './tell-story.js';

/** Clearing away what a story started, after its own time was up. */
const CLEAR_TIMEOUT_MS = 90_000;

/** Runs a story as a test; where it fails, its steps say how far it came. */
export const itHolds = (story: Story): void => {
  it(
    story.sentence,
    async () => {
      const lines: string[] = [];
      try {
        await tellStory(story, { print: (line) => void lines.push(line) });
      } catch (error) {
        if (error instanceof StorySkipped) {
          process.stderr.write(`\n*** story ${story.name} SKIPPED, nothing was shown: ${error.message}\n\n`);
          return;
        }
        process.stderr.write(`\nstory ${story.name}:\n${lines.join('\n')}\n`);
        throw error;
      }
    },
    story.timeoutMs + CLEAR_TIMEOUT_MS,
  );
};
