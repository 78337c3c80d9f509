import { stories } from './stories/catalogue.js';
import { StorySkipped } from './story/story.js';
import { StoryInterrupted, tellStory } from './story/tell-story.js';

const EXIT_USAGE = 2;
/** What automake and others take for "not run". */
const EXIT_SKIPPED = 77;
const EXIT_INTERRUPTED = 130;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const list = (): void => {
  const width = Math.max(...stories.map(({ name }) => name.length));
  for (const { name, sentence } of stories) print(`${name.padEnd(width)}  ${sentence}`);
};

/** Tells one story; the last line is its result. */
const run = async (name: string): Promise<number> => {
  const story = stories.find((each) => each.name === name);
  if (story === undefined) {
    process.stderr.write(`There is no story ${name}. These are the stories:\n`);
    list();
    return EXIT_USAGE;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
  print(`${story.name}: ${story.sentence}\n`);
  try {
    print(`\n${await tellStory(story, { print, signal: interrupted.signal })}`);
    return 0;
  } catch (error) {
    if (error instanceof StorySkipped) {
      print(`\nSKIPPED: ${error.message}`);
      return EXIT_SKIPPED;
    }
    if (error instanceof StoryInterrupted) {
      print('\nINTERRUPTED: nothing was shown, and nothing is left running.');
      return EXIT_INTERRUPTED;
    }
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.stack : undefined;
    if (cause !== undefined) process.stderr.write(`${cause}\n`);
    print(`\nFAILED: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
};

const [name, ...others] = process.argv.slice(2);
if (name === undefined) list();
else if (others.length > 0) {
  process.stderr.write('usage: npm run story [-- NAME]\n');
  process.exitCode = EXIT_USAGE;
} else process.exit(await run(name));
