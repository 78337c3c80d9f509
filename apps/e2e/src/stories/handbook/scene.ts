import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProblemKind } from '@muster/kernel';
import type { TestMachine } from '@muster/testing';
import type { PublicJwk } from '@muster/trust';
import type { Authority } from '../../authority/authority.js';
import type { SignedWish } from '../../fleet/wish.js';
import { signWish } from '../../fleet/wish.js';
import type { Host } from '../../host/host.js';
import { problemOf } from '../../host/host-api.js';
import type { Desk } from '../../muster/desk.js';
import type { Stage } from '../../story/stage.js';

/** For every process of the story: a secret that is logged at all is logged here. */
export const TALKATIVE = { MUSTER_LOG_LEVEL: 'trace' };

/** A key as the vendor handed it out. */
export interface IssuedKey {
  readonly key: string;
  readonly keyId: string;
  /** By which people name it. */
  readonly ending: string;
}

/** What every chapter finds. */
export interface Scene {
  readonly stage: Stage;
  readonly desk: Desk;
  readonly authority: Authority;
  readonly root: PublicJwk;
  /** Keys and tokens that were shown to somebody: they may stand nowhere else. */
  readonly secrets: Set<string>;
  /** Covers workstations only. Its clock is the story's. */
  readonly office: Host;
  /** At the end of a bad line: covers servers, too. */
  readonly plant: Host;
}

export const issuedKey = ({ secrets }: Pick<Scene, 'secrets'>, { key, keyId }: { readonly key: string; readonly keyId: string }): IssuedKey => {
  secrets.add(key);
  return { key, keyId, ending: key.split('-').at(-1) ?? '' };
};

/** Asks a host on behalf of a machine, and holds the answer against what it must be. */
export const expectActivation = async (host: Host, wish: SignedWish, expected: { readonly outcome: string; readonly count: number; readonly threshold: number }) => {
  const answer = await host.api.activate(wish.jws);
  const { outcome, count, threshold } = answer;
  assert.deepEqual({ outcome, count, threshold }, expected, `${wish.machine.hostname} for ${wish.product}`);
  return answer;
};

/** Asks a host on behalf of a machine, which it must not serve. Answers the problem. */
export const expectProblem = async (host: Host, machine: TestMachine, product: string, code: ProblemKind) => {
  const problem = problemOf(await host.api.postRequest((await signWish(machine, { product })).jws));
  assert.equal(problem.code, code, problem.detail);
  return problem;
};

/** What the processes of the story wrote to their logs. */
export const logsOf = (dir: string): string =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.log'))
    .map((path) => readFileSync(join(dir, path), 'utf8'))
    .join('\n');
