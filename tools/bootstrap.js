// Brings a clone to the point where its programs run: dependencies installed, projects built. Does only what is not done yet.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedProgram, root, runOrExit, say } from './workspace.js';

const NODE_MIN = [20, 19]; // the first Node 20 that loads ES modules from `require`, which the frameworks' tools do
const MARKER = join(root, 'node_modules', '.muster-installed');

/** Standard output belongs to the program that is started afterwards: `npm run --silent bench -- --json` writes one JSON object there. */
const TO_STDERR = ['ignore', 2, 2];

/** Ends the process with a clear message when this Node is too old. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  say(`Muster needs Node ${NODE_MIN.join('.')} or later; this is ${version}. Install a current Node: https://nodejs.org`);
  process.exit(1);
}

/** Installs exactly what the lock file says, when that is not what is installed. */
export async function ensureInstalled() {
  checkNode();
  const wanted = installationDigest();
  if (readMarker() === wanted) return;
  if (!matchesLockFile()) {
    say('Installing dependencies (npm ci); the first time takes a minute …');
    await runOrExit('npm', ['ci', '--no-audit', '--no-fund'], { stdio: TO_STDERR });
  }
  writeFileSync(MARKER, wanted);
}

/** Builds what changed since the last build. */
export async function ensureBuilt() {
  say('Building what changed …');
  await runOrExit(installedProgram('nx'), ['run-many', '-t', 'build', '--outputStyle=static'], { stdio: TO_STDERR });
}

/** Native modules are built for one major version of Node. */
function installationDigest() {
  const major = process.versions.node.split('.')[0];
  return createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).update(`node ${major}`).digest('hex');
}

function readMarker() {
  return existsSync(MARKER) ? readFileSync(MARKER, 'utf8') : undefined;
}

/** Whether somebody's own `npm install` or `npm ci` already installed what the lock file says: npm leaves a list of what it installed. */
function matchesLockFile() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(MARKER) || !existsSync(installedFile)) return false;
  const installed = readPackages(installedFile);
  return Object.entries(readPackages(join(root, 'package-lock.json')))
    .filter(([path]) => path.includes('node_modules/'))
    .every(([path, { version, resolved, optional = false, devOptional = false }]) => {
      const found = installed[path];
      return found === undefined ? optional || devOptional : found.version === version && found.resolved === resolved;
    });
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}
