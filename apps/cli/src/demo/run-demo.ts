import { relative } from 'node:path';
import type { PoolsAnswer } from '@muster/contracts';
import { readPublicKeyFile } from '@muster/trust';
import { findHost } from '../access/find-host.js';
import type { AccessOptions, LocalHost } from '../access/host-access.js';
import { hostApi } from '../api/host-api.js';
import { DATA_DIR_NAME, dataDirPaths } from '../data-dir/data-dir.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { counted } from '../terminal/words.js';
import { chooseStage } from './choose-host.js';
import type { DemoFleet } from './demo-fleet.js';
import { demoFleet } from './demo-fleet.js';
import type { OwnHost } from './demo-host.js';
import { killHost, startOwnHost, temporaryDataDir } from './demo-host.js';
import { demoLine, isAsExpected } from './demo-line.js';
import { demoStory } from './demo-story.js';

export type DemoOptions = Pick<AccessOptions, 'data' | 'token'>;

/** Keeps the score: what had to hold, and whether it did. */
interface Score {
  check(holds: boolean, text: string): void;
  readonly lines: { readonly text: string; readonly ok: boolean }[];
}

const keepScore = (terminal: Terminal): Score => {
  const lines: Score['lines'] = [];
  return {
    lines,
    check: (ok, text) => {
      lines.push({ ok, text });
      if (!terminal.json) terminal.data(`     ${text}  ${ok ? terminal.paintData('green', '✓') : terminal.paintData('red', '✗')}`);
    },
  };
};

const say = (terminal: Terminal, line: string): void => (terminal.json ? undefined : terminal.data(line));

const enrolFleet = async (fleet: DemoFleet, score: Score, terminal: Terminal): Promise<void> => {
  let number = 0;
  for (const { title, requests } of demoStory) {
    say(terminal, `\n${terminal.paintData('bold', title)}`);
    for (const request of requests) {
      const answer = await fleet.ask(request);
      number += 1;
      score.lines.push({ ok: isAsExpected(request, answer), text: `${request.hostname} ${request.product}: count ${answer.count} of ${answer.threshold}, ${answer.outcome}` });
      say(terminal, demoLine(number, request, { answer, paint: terminal.paintData }));
    }
  }
  const waiting = fleet.withoutLease();
  score.check(waiting.length === 0, waiting.length === 0 ? `all ${counted(fleet.size(), 'machine')} hold a lease, each verified offline against the vendor's root key` : `without a lease: ${waiting.join(', ')}`);
};

const countsOf = ({ pools }: PoolsAnswer): string => pools.map(({ pool, count, physical, virtual, position }) => `pool ${pool}: count ${count}, ${physical} physical, ${virtual} virtual, at position ${position}`).join('; ');

/** SIGKILL, a new start on the same data, and everything as it was. */
const surviveSigkill = async ({ dataDir, run }: LocalHost, { fleet, score, terminal, api }: { fleet: DemoFleet; score: Score; terminal: Terminal; api: ReturnType<typeof hostApi> }): Promise<OwnHost> => {
  const before = countsOf(await api.pools());
  const killed = await killHost(run);
  say(terminal, `\n${terminal.paintData('bold', `SIGKILL of the whole host: ${killed} processes, PostgreSQL and NATS among them. It is started again on the same data …`)}`);
  const host = await startOwnHost(dataDir, run);
  const after = countsOf(await api.pools());
  say(terminal, `     before  ${before}`);
  say(terminal, `     after   ${after}`);
  score.check(before === after, 'the counts are the same, for they were replayed from the ledger');
  const { first, again } = await fleet.repeat('srv-01');
  score.check(again.outcome === 'granted' && again.lease === first?.lease, "the server repeats its old request: the same lease, byte for byte, and no second event");
  return host;
};

const checkReplay = async (api: ReturnType<typeof hostApi>, score: Score): Promise<void> => {
  for await (const line of api.replay()) {
    if (line.status === 'done') score.check(line.equal, `replay from the first event: ${counted(line.events, 'event')}, the rebuilt counts ${line.equal ? 'equal' : 'DIFFER FROM'} the live ones`);
  }
};

const tellStory = async (local: LocalHost, score: Score, terminal: Terminal): Promise<OwnHost> => {
  const api = hostApi(findHost({ host: local.run.url, data: local.dataDir }));
  const fleet = demoFleet(api, await readPublicKeyFile(dataDirPaths(local.dataDir).vendorRoot));
  await enrolFleet(fleet, score, terminal);
  const restarted = await surviveSigkill(local, { fleet, score, terminal, api });
  try {
    await checkReplay(api, score);
    return restarted;
  } catch (error) {
    await restarted.stop();
    throw error;
  }
};

const conclude = (score: Score, terminal: Terminal): ExitCode => {
  const wrong = score.lines.filter(({ ok }) => !ok);
  if (terminal.json) terminal.data(JSON.stringify({ ok: wrong.length === 0, lines: score.lines }, undefined, 2));
  else terminal.data(`\n${wrong.length === 0 ? terminal.paintData('green', `All ${score.lines.length} lines are as they must be.`) : terminal.paintData('red', `${wrong.length} of ${score.lines.length} lines are NOT as they must be.`)}`);
  return wrong.length === 0 ? exitCodes.ok : exitCodes.findings;
};

const onOwnHost = async (because: string, score: Score, terminal: Terminal): Promise<void> => {
  say(terminal, `${because}: this demonstration starts a host of its own, and removes it at the end …`);
  const dataDir = temporaryDataDir();
  let host: OwnHost | undefined;
  try {
    host = await startOwnHost(dataDir.path);
    const first = host;
    host = await tellStory(first.local, score, terminal).finally(() => first.stop());
  } finally {
    await host?.stop();
    dataDir.remove();
  }
};

const onRunningHost = async (local: LocalHost, score: Score, terminal: Terminal): Promise<void> => {
  say(terminal, `On the host that runs here: ${local.run.url}. It will be killed on the way (its terminal says so), and found as it was.`);
  const restarted = await tellStory(local, score, terminal);
  await restarted.stop();
  const dir = relative(process.cwd(), local.dataDir);
  say(terminal, `\nYour host is stopped now; its data is kept. Start it again: npm start${dir === DATA_DIR_NAME ? '' : ` -- --data ${local.dataDir}`}`);
};

/** Tells the story of a count on a real host, line by line, and answers 0 only when every line was as it must be. */
export const runDemo = async (options: DemoOptions, terminal: Terminal): Promise<ExitCode> => {
  const score = keepScore(terminal);
  const stage = await chooseStage(options);
  if (stage.kind === 'running') await onRunningHost(stage.local, score, terminal);
  else await onOwnHost(stage.because, score, terminal);
  return conclude(score, terminal);
};
