import type { Stage } from '../../story/stage.js';
import type { Story } from '../../story/story.js';
import { startCapturingProxy } from './capturing-proxy.js';
import { appear } from './chapters/01-appear.js';
import { leadToTheNearOne } from './chapters/02-sites.js';
import { fallSilent } from './chapters/03-silence.js';
import { fight } from './chapters/04-fight.js';
import { changeKey, failEachForItself, goAwayAndComeBack } from './chapters/05-failing.js';
import { replay } from './chapters/06-replay.js';
import { crowd } from './chapters/07-many.js';
import { meetRogue } from './chapters/08-rogue.js';
import { retire } from './chapters/09-retire.js';
import { examineHealthy, examineRetired } from './chapters/10-examine.js';
import { advertised, startFirstHost } from './first-host.js';
import type { FurtherGateway } from './further-gateway.js';
import { startFurtherGateway } from './further-gateway.js';
import { BERLIN, CORP, MUNICH } from './names.js';
import { startRival } from './rival.js';
import type { Scene } from './scene.js';
import { startStoryNamed } from './story-named.js';

/**
 * DNS: how clients find a host that they were never told of, on a real `named` whose keys may touch the names of hosts and nothing else.
 *
 * Everything is held against three sources: what `named` answers, what the ledger recorded, and what a client does that knows its domain alone.
 */
const tell = async (stage: Stage): Promise<string> => {
  const dns = await startStoryNamed(stage.dir);
  stage.onEnd(() => dns.stop());
  const proxy = await startCapturingProxy(dns.port);
  stage.onEnd(() => proxy.stop());
  const started = await startFirstHost(stage, dns, proxy);
  const { host, rootFile, keyFile } = started;
  const [target, port] = [`a.${CORP}`, Number(new URL(host.url).port)];
  const scene: Scene = { stage, dns, proxy, host, rootFile, keyFile, first: { target, port, endpoint: `${target}:${port}` }, figures: new Map() };
  const gateway = (name: string, site: string) => (): Promise<FurtherGateway> => startFurtherGateway(stage, host, { target: `${name}.${CORP}`, advertise: advertised(dns, site) });

  await appear(scene, started);
  const munich = await leadToTheNearOne(scene, gateway('b', MUNICH));
  const spare = await fallSilent(scene, munich, gateway('c', BERLIN));
  const rival = await startRival(scene);
  await failEachForItself(scene, rival);
  await fight(scene, rival.host);
  await rival.host.end();
  await goAwayAndComeBack(scene);
  await changeKey(scene);
  await examineHealthy(scene);
  await replay(scene, { munich, spare });
  await meetRogue(scene);
  await crowd(scene);
  await retire(scene);
  await examineRetired(scene);

  const told = (figure: string): string | number => scene.figures.get(figure) ?? '?';
  return [
    `A host stood in DNS ${told('appearedMs')} ms after the command that activated it had ended, and was gone ${told('goneSeconds')} s after its retirement, with all ${told('recordsGone')} records`,
    `a killed gateway was listed last after ${told('demotedSeconds')} s and withdrawn after ${told('withdrawnSeconds')} s, the last one of a site never`,
    `DNS was healed ${told('healedSeconds')} s after its server came back`,
    `none of ${proxy.updates().length} captured updates had an effect when it was sent again, no deployment overwrote another's record, and a rogue host saw nonces`,
    `${told('published')} publications and ${told('withdrawn')} withdrawals stand in the ledger with server, code and serial.`,
  ].join('; ');
};

export const dns: Story = {
  name: 'dns',
  sentence: 'Hosts appear in DNS by being activated and disappear by being retired; clients that know their domain alone are led to the near one, whoever else is in DNS.',
  timeoutMs: 600_000,
  tell,
};
