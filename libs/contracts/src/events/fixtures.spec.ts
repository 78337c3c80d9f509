import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, decodeBody, encodeBody, eventCatalogue, typedColumnsOf } from '../index.js';

interface Fixture {
  readonly type: string;
  readonly version: number;
  /** The stored bytes, as text. */
  readonly body: string;
  readonly columns: object;
}

const DIRECTORY = join(import.meta.dirname, '../../fixtures/events');
const files = readdirSync(DIRECTORY).sort();
const load = (file: string): Fixture => JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8')) as Fixture;

describe('events that were ever written', () => {
  it.each(files)('%s is read, gives its typed columns, and is written again byte for byte', (file) => {
    const fixture = load(file);
    const event = decodeBody({ ...fixture, body: Buffer.from(fixture.body) });
    expect(typedColumnsOf(event)).toEqual(fixture.columns);
    expect(encodeBody(event).toString()).toBe(fixture.body);
  });

  it('are frozen for every current version', () => {
    // A member that came later is optional, and stands in a second fixture: `Type.with-it.v1.json`.
    expect([...new Set(files.map((file) => file.replace(/\.[a-z-]+(?=\.v\d)/, '')))]).toEqual(Object.entries(eventCatalogue).map(([type, { version }]) => `${type}.v${version}.json`).sort());
  });

  it('have distinct codes', () => {
    const kinds = Object.values(eventCatalogue).map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});

describe('an unreadable body', () => {
  const granted = load('ActivationGranted.v1.json');
  it.each([
    ['of an unknown type', { ...granted, type: 'LeaseSold' }],
    ['of a type named like a member of every object', { ...granted, type: 'constructor' }],
    ['of a later version', { ...granted, version: 2 }],
    ['with a member too many', { ...granted, body: granted.body.replace('{', '{"price":1,') }],
    ['that is not JSON', { ...granted, body: '{' }],
  ])('%s is an error', (_, fixture) => {
    expect(() => decodeBody({ ...fixture, body: Buffer.from(fixture.body) })).toThrow();
  });
});

it('canonical JSON sorts members at every depth and leaves out what is undefined', () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }], a: 'é"', z: undefined })).toBe('{"a":"é\\"","b":[{"c":null,"d":1}]}');
});

it('canonical JSON refuses what it could not keep sorted', () => {
  expect(() => canonicalJson({ 10: 1, 9: 2 })).toThrow('no member named');
  expect(() => canonicalJson(JSON.parse('{"__proto__":1}'))).toThrow('no member named');
});
