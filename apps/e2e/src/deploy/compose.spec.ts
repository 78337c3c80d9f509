import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { busPermissions } from '@muster/contracts';
import { repositoryRoot } from '../boundaries/repository-root.js';
import type { ComposeService } from './compose-file.fixture.js';
import { mountsOf, readCompose, readRepositoryFile, sourcesOf } from './compose-file.fixture.js';

const compose = readCompose('docker-compose.yml');
const every = Object.entries(compose.services);
const named = (name: string): ComposeService => {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no ${name}`);
  return service;
};

/** The vendor's, in another place: no organisation runs it. */
const ELSEWHERE = 'authority';

/** Our services of a host: the projects that are tagged as such. */
const apps = readdirSync(join(repositoryRoot, 'apps')).filter((name) => name !== ELSEWHERE && readRepositoryFile(`apps/${name}/package.json`).includes('"type:app"'));
const once = every.filter(([, { restart }]) => restart === 'no').map(([name]) => name);
const lasting = every.map(([name]) => name).filter((name) => !once.includes(name));

describe('docker-compose.yml', () => {
  it('runs every service of a host, and the parts they stand on', () => {
    expect(lasting.toSorted()).toEqual([...apps, 'nats', 'partitions', 'postgres'].toSorted());
    for (const app of apps) expect(named(app).build).toMatchObject({ target: 'service', args: { APP: app } });
  });

  it.each(every)('%s is an ordinary user on a read-only root, without a capability', (_name, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    for (const key of ['privileged', 'cap_add', 'pid', 'ipc', 'devices', 'userns_mode']) expect(service).not.toHaveProperty(key);
  });

  it.each(lasting)('%s is watched, comes back, and has time to end what it began', (name) => {
    const { healthcheck, restart, stop_grace_period: grace } = named(name);
    if (name !== 'partitions') expect(healthcheck?.test[0]).toBe('CMD');
    expect(restart).toBe('unless-stopped');
    expect(name === 'nats' || grace !== undefined).toBe(true);
  });

  it('lets every service be scaled: no fixed names, and one published port, on this machine alone', () => {
    for (const [, service] of every) for (const key of ['container_name', 'hostname', 'scale']) expect(service).not.toHaveProperty(key);
    expect(every.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual(['gateway']);
    expect(named('gateway').ports).toEqual(['127.0.0.1:${MUSTER_PORT:-6878}:6878']);
  });

  it('waits for what is done once, and for nothing that may be away later', () => {
    for (const name of once.filter((it) => named(it).profiles === undefined)) {
      const adopted = lasting.filter((it) => named(it).depends_on?.[name]?.condition === 'service_completed_successfully');
      expect({ name, adopted: adopted.length }).not.toMatchObject({ adopted: 0 }); // else `up --wait` takes its end for a failure
    }
    for (const [, service] of every) for (const { condition } of Object.values(service.depends_on ?? {})) expect(condition).not.toBe('service_started');
    for (const app of apps) for (const other of apps) expect(named(app).depends_on).not.toHaveProperty(other); // services start in any order
  });

  it('lets the registrar alone out to DNS servers, where nobody comes in', () => {
    const onDns = every.filter(([, { networks }]) => networks?.includes('dns')).map(([name]) => name);
    expect(onDns).toEqual(['dns-registrar']);
    expect(named('dns-registrar')).not.toHaveProperty('ports');
    expect(every.filter(([, { networks = [] }]) => networks.includes('edge') && networks.includes('data'))).toEqual([]);
  });

  it('names its images by version', () => {
    for (const [, { image }] of every) expect(image).toMatch(/:(\d|\$\{MUSTER_VERSION)/);
    expect(Number(/^postgres:(\d+)/.exec(named('postgres').image)?.[1])).toBeGreaterThanOrEqual(15);
  });

  it('keeps the edge away from the ledger', () => {
    expect(named('gateway').networks).toEqual(['edge', 'bus']);
    expect(named('postgres').networks).toEqual(['data']);
    expect(named('nats').networks).toEqual(['bus']);
    expect(every.filter(([, { network_mode: mode }]) => mode !== undefined).map(([name, { network_mode: mode }]) => `${name} ${mode}`)).toEqual(['secrets none', 'muster service:gateway']);
    expect(compose.networks).toEqual({ edge: null, dns: null, bus: { internal: true }, data: { internal: true } });
  });
});

type Shares = Readonly<Record<string, Readonly<Record<string, string>>>>;
const loadShares = async (): Promise<Shares> => ((await import(join(repositoryRoot, 'deploy/share-secrets.js'))) as { SHARES: Shares }).SHARES;

describe('secrets in docker-compose.yml', () => {
  const readersOf = (volume: string): readonly string[] => every.filter(([name, it]) => name !== 'secrets' && mountsOf(it).some(({ source }) => source === volume)).map(([name]) => name);
  const secretVolumes = Object.keys(compose.volumes).filter((name) => name.startsWith('secrets-'));

  it('are files, never values of the environment', () => {
    for (const [, { environment = {} }] of every) {
      for (const [name, value] of Object.entries(environment)) {
        if (/PASSWORD|TOKEN|KEY|DATABASE_URL|CERTIFICATE|ROOT/.test(name)) expect({ name, value }).toEqual({ name: expect.stringMatching(/_FILE$/) as string, value: expect.stringMatching(/^\/secrets\//) as string });
      }
    }
  });

  it('are seen by whom they are for, who cannot change them', () => {
    const readers = Object.fromEntries(secretVolumes.map((volume) => [volume.slice('secrets-'.length), readersOf(volume)]));
    expect(readers).toEqual({
      ...Object.fromEntries(['postgres', 'nats', ...apps].map((name) => [name, [name]])),
      migrate: ['migrate', 'partitions'],
      operator: ['muster'],
      integration: [],
    });
    expect(readersOf('made')).toEqual([]);
    for (const [name, service] of every.filter(([it]) => it !== 'secrets')) {
      for (const mount of mountsOf(service).filter(({ source }) => source.startsWith('secrets-'))) {
        // `nocopy`: the volume takes its owner from the one container that writes it.
        expect({ name, ...mount }).toMatchObject({ read_only: true, volume: { nocopy: true } });
      }
    }
  });

  it('are made for every user of the bus and every reader', async () => {
    const audiences = Object.keys(await loadShares()).toSorted();
    expect(secretVolumes.map((volume) => volume.slice('secrets-'.length)).toSorted()).toEqual(audiences);
    expect(mountsOf(named('secrets')).map(({ source, target }) => `${source} ${target}`).toSorted()).toEqual(['made /made', ...audiences.map((it) => `secrets-${it} /secrets/${it}`)]);
    expect(audiences).toEqual(expect.arrayContaining(Object.keys(busPermissions)));
    expect(/for audience in ([a-z -]+);/.exec(readRepositoryFile('Dockerfile'))?.[1]?.split(' ').toSorted()).toEqual(audiences);
  });

  it('lie where the environment says', async () => {
    const shares = await loadShares();
    for (const [name, service] of every.filter(([it]) => it !== 'secrets')) {
      for (const mount of mountsOf(service).filter(({ source }) => source.startsWith('secrets-'))) {
        const inside = Object.keys(shares[mount.source.slice('secrets-'.length)] ?? {}).map((file) => `${mount.target}/${file}`);
        const wanted = [...Object.values(service.environment ?? {}), ...(service.command ?? [])].filter((value) => value.startsWith('/secrets/'));
        expect({ name, missing: wanted.filter((path) => !inside.includes(path)) }).toEqual({ name, missing: [] });
      }
    }
  });

  it('of the host are the signing services’ alone', () => {
    const holders = every.filter(([, { environment = {} }]) => 'MUSTER_HOST_KEY_FILE' in environment).map(([name]) => name);
    expect(holders).toEqual(['activation', 'lease-renewal']);
  });

  it('can come from a real vendor: the overlay changes nothing but where they are taken from', () => {
    const overlay = readCompose('deploy/compose.certificate.yml');
    expect(Object.keys(overlay.services)).toEqual(['secrets']);
    expect(mountsOf(overlay.services['secrets'] as ComposeService)).toMatchObject([{ target: '/made/vendor', read_only: true }]);
  });
});

describe('settings in docker-compose.yml', () => {
  const unknownTo = (app: string, { environment = {} }: ComposeService): readonly string[] => {
    const sources = sourcesOf(`apps/${app}/src`) + sourcesOf('libs/service/src') + sourcesOf('libs/issuance/src');
    return Object.keys(environment).filter((name) => !sources.includes(`'${name}'`) && !sources.includes(`'${name.replace(/_FILE$/, '')}'`));
  };

  it.each(apps)('of %s are ones that it reads', (app) => expect(unknownTo(app, named(app))).toEqual([]));

  it('for DNS servers that take updates come in an overlay of the registrar alone, with a key that it cannot change', () => {
    const overlay = readCompose('deploy/compose.dns.yml');
    expect(Object.keys(overlay.services)).toEqual(['dns-registrar']);
    const registrar = overlay.services['dns-registrar'] as ComposeService;
    expect(unknownTo('dns-registrar', registrar)).toEqual([]);
    expect(mountsOf(registrar)).toMatchObject([{ target: '/dns', read_only: true }]); // the folder: a file that is replaced in it is seen
    expect(registrar.environment?.['MUSTER_DNS_KEY_FILE']).toBe('/dns/registrar.key');
  });

  it('are all in .env.example, and what is there is read', () => {
    const named = (text: string, pattern: RegExp): readonly string[] => [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].toSorted();
    expect(named(readRepositoryFile('.env.example'), /^(MUSTER_\w+)=/gm)).toEqual(named(readRepositoryFile('docker-compose.yml'), /\$\{(MUSTER_\w+):-/g));
  });
});
