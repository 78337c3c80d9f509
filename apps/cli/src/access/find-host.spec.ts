import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataDirPaths, findDataDir } from '../data-dir/data-dir.js';
import { writeRunFile } from '../data-dir/run-file.js';
import { findHost } from './find-host.js';

const NOBODY_PID = 2 ** 22 + 1; // beyond the greatest pid that Linux gives
const RUNNING_URL = 'http://127.0.0.1:6878';

describe('finding the host', () => {
  let root: string;
  let dataDir: string;
  const variables = ['MUSTER_HOST', 'MUSTER_OPERATOR_TOKEN', 'MUSTER_OPERATOR_TOKEN_FILE'];

  beforeEach(() => {
    for (const name of variables) Reflect.deleteProperty(process.env, name);
    root = mkdtempSync(join(tmpdir(), 'muster-cli-find-'));
    dataDir = join(root, '.muster');
    mkdirSync(join(root, 'deep', 'below'), { recursive: true });
    mkdirSync(dataDir);
    writeFileSync(dataDirPaths(dataDir).operatorToken, 'local-token\n');
    writeRunFile(dataDir, { pid: process.pid, startedAt: '2026-11-22T00:00:00.000Z', url: RUNNING_URL, parts: [] });
  });
  afterEach(() => {
    for (const name of variables) Reflect.deleteProperty(process.env, name);
    rmSync(root, { recursive: true });
  });

  it('looks upwards for the data directory of a host', () => {
    expect(findDataDir(join(root, 'deep', 'below'))).toBe(dataDir);
    expect(findHost({}, join(root, 'deep', 'below'))).toMatchObject({ url: RUNNING_URL, token: 'local-token', local: { dataDir } });
  });

  it('does not take a run that ended uncleanly for a host', () => {
    writeRunFile(dataDir, { pid: NOBODY_PID, startedAt: '2026-11-22T00:00:00.000Z', url: RUNNING_URL, parts: [] });
    expect(() => findHost({}, root)).toThrow(`No host runs on ${dataDir}`);
  });

  it('says what to do when there is no trace of a host', () => {
    rmSync(dataDir, { recursive: true });
    expect(() => findHost({ data: join(root, 'none') }, root)).toThrow(/No host runs on/);
  });

  it('sends the local token to no other host than the local one', () => {
    expect(findHost({ host: 'https://other.example' }, root)).toEqual({ url: 'https://other.example', token: undefined, trust: undefined, local: undefined });
    expect(findHost({ host: `${RUNNING_URL}/` }, root)).toMatchObject({ token: 'local-token' });
  });

  it('prefers what it is given to what it finds', () => {
    process.env['MUSTER_HOST'] = 'https://one.example';
    process.env['MUSTER_OPERATOR_TOKEN'] = 'from-the-environment';
    expect(findHost({}, root)).toMatchObject({ url: 'https://one.example', token: 'from-the-environment' });
    expect(findHost({ host: 'https://two.example', token: 'given' }, root)).toMatchObject({ url: 'https://two.example', token: 'given' });
  });

  it('reads the token from a file, and says so when it cannot', () => {
    process.env['MUSTER_OPERATOR_TOKEN_FILE'] = dataDirPaths(dataDir).operatorToken;
    expect(findHost({ host: 'https://one.example' }, root).token).toBe('local-token');
    process.env['MUSTER_OPERATOR_TOKEN_FILE'] = join(root, 'missing');
    expect(() => findHost({ host: 'https://one.example' }, root)).toThrow(/cannot be read/);
  });

  it('lets no token leave the machine unencrypted', () => {
    expect(() => findHost({ host: 'http://one.example', token: 'given' }, root)).toThrow(/not sent to http:\/\/one.example/);
    expect(findHost({ host: 'http://one.example' }, root).token).toBeUndefined();
  });
});
