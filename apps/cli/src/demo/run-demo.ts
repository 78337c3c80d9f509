import type { AccessOptions, LocalHost } from '../access/host-access.js';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { chooseStage } from './choose-stage.js';
import { ownHosts, temporaryDataDir } from './demo-host.js';
import { keepScore, say, type Score } from './score.js';
import { tellStory } from './tell-story.js';

export type DemoOptions = Pick<AccessOptions, 'data' | 'token'>;

/** Rejects at Ctrl-C or SIGTERM, so that what was started is stopped in order. */
const interruption = (): Promise<never> =>
  new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => reject(new CliFailure('interrupted', 'Interrupted; what the demonstration started is stopped.')));
  });

const onOwnHost = async (because: string, score: Score, terminal: Terminal): Promise<void> => {
  say(terminal, `${because}: this demonstration starts a host of its own, and removes it at the end …`);
  const dataDir = temporaryDataDir();
  const hosts = ownHosts();
  const story = async (): Promise<void> => tellStory(await hosts.start(dataDir.path), { hosts, score, terminal });
  try {
    await Promise.race([story(), interruption()]);
  } finally {
    await hosts.stop();
    dataDir.remove();
  }
};

const onRunningHost = async (local: LocalHost, score: Score, terminal: Terminal): Promise<void> => {
  say(terminal, `On the host that runs here: ${local.run.url}. It will be killed on the way, as its own terminal will show, and started again by this demonstration.`);
  const hosts = ownHosts();
  try {
    await Promise.race([tellStory(local, { hosts, score, terminal }), interruption()]);
  } finally {
    await hosts.stop();
  }
  say(terminal, `\nYour host is stopped now, and its data is kept in ${local.dataDir}: start it again as you did before.`);
};

const conclude = ({ lines }: Score, terminal: Terminal): ExitCode => {
  const wrong = lines.filter(({ ok }) => !ok).length;
  if (terminal.json) terminal.data(JSON.stringify({ ok: wrong === 0, lines }, undefined, 2));
  const verdict = wrong === 0 ? terminal.paintData('green', `All ${lines.length} lines are as they must be.`) : terminal.paintData('red', `${wrong} of ${lines.length} lines are NOT as they must be.`);
  say(terminal, `\n${verdict}`);
  return wrong === 0 ? exitCodes.ok : exitCodes.findings;
};

/** Tells the story of a count on a real host, line by line, and answers 0 only when every line was as it must be. */
export const runDemo = async (options: DemoOptions, terminal: Terminal): Promise<ExitCode> => {
  const score = keepScore(terminal);
  const stage = await chooseStage(options);
  if (stage.kind === 'running') await onRunningHost(stage.local, score, terminal);
  else await onOwnHost(stage.because, score, terminal);
  return conclude(score, terminal);
};
