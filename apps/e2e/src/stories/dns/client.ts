import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Typed } from '../../muster/launch-muster.js';
import { typeMuster } from '../../muster/launch-muster.js';
import { WORKSTATION } from '../../fleet/wish.js';
import type { Scene } from './scene.js';

/** A machine that was told a domain, and perhaps its site, and no host. */
export interface Client {
  /** Activates; answers which host decided. */
  activate(): Promise<{ readonly host: string; readonly count: number }>;
  discover(): Promise<Typed>;
  readonly dir: string;
}

export interface Whereabouts {
  readonly domain: string;
  readonly site?: string;
}

export const aClient = async ({ stage, dns, rootFile }: Pick<Scene, 'stage' | 'dns' | 'rootFile'>, name: string, { domain, site }: Whereabouts): Promise<Client> => {
  const dir = join(stage.dir, 'machines', name);
  const type = (args: readonly string[]): Promise<Typed> => typeMuster(['--json', 'machine', ...args, '--dir', dir], { cwd: stage.dir });
  const told = await type(['set-domain', domain, '--resolver', dns.address, ...(site === undefined ? [] : ['--site', site])]);
  assert.equal(told.code, 0, told.stderr);
  return {
    dir,
    activate: async () => {
      const { code, stdout, stderr } = await type(['activate', '--product', WORKSTATION, '--root', rootFile, '--hostname', name]);
      assert.equal(code, 0, `${name} is activated:\n${stdout}${stderr}`);
      return JSON.parse(stdout) as { readonly host: string; readonly count: number };
    },
    discover: () => type(['discover', '--root', rootFile]),
  };
};
