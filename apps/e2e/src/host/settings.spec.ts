import { readRepositoryFile, sourcesOf } from '../deploy/compose-file.fixture.js';

/** What `muster host run` hands on to each service, from the table in its source: the command line shows no face of its own. */
const table = /const TUNABLE.*?= \{(.*?)\n\};/s.exec(readRepositoryFile('apps/cli/src/host/run/service-env.ts'))?.[1] ?? '';
const handedOn = new Map([...table.matchAll(/^ {2}'?([a-z-]+)'?: \[(.*?)\]/gms)].map(([, kind = '', names = '']) => [kind, [...names.matchAll(/'(MUSTER_\w+)'/g)].map(([, name = '']) => name)]));

const read = (app: string): ReadonlySet<string> => new Set([...sourcesOf(`apps/${app}/src`).matchAll(/'(MUSTER_\w+)'/g)].map(([, name = '']) => name));

const COMMON = sourcesOf('libs/service/src');

describe('settings that a host hands on', () => {
  it.each([...handedOn])('%s reads all of its own', (app, names) => {
    const own = read(app);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !own.has(name) && !COMMON.includes(`'${name}'`))).toEqual([]);
  });

  it.each(['gateway', 'dns-registrar'])('%s gets every one that is about DNS', (app) => {
    const aboutDns = [...read(app)].filter((name) => /^MUSTER_(DNS|ADVERTISE)(_|$)/.test(name));
    expect(aboutDns.length).toBeGreaterThan(5);
    expect(aboutDns.filter((name) => !handedOn.get(app)?.includes(name))).toEqual([]);
  });
});
