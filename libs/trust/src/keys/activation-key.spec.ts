import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { activationKeyId, newActivationKey, parseActivationKey } from '../index.js';
import type { ActivationKey } from '../index.js';

const ALPHABET = '123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SYMBOLS = 5;

/** Chance from a seed, so that a failing key can be made again. */
const bytesFrom = (seed: number) => {
  let drawn = 0;
  return (size: number): Uint8Array => createHash('shake256', { outputLength: size }).update(`${seed} ${drawn++}`).digest();
};

const someKey: fc.Arbitrary<ActivationKey> = fc
  .tuple(fc.constantFrom('host' as const, 'multiple' as const, 'setup' as const), fc.nat())
  .map(([kind, seed]) => newActivationKey(kind, bytesFrom(seed)));
const someGroup = fc.integer({ min: 0, max: 5 });

const groupsOf = ({ key }: ActivationKey): readonly string[] => key.split('-');
const misreadGroups = (text: string): readonly number[] => {
  const read = parseActivationKey(text);
  return read.status === 'misread' ? read.groups : [];
};
const withGroup = (key: ActivationKey, at: number, group: string): string => groupsOf(key).with(at, group).join('-');

describe('an activation key', () => {
  it('is six groups of five without a letter that is taken for another', () => {
    fc.assert(fc.property(someKey, ({ key }) => expect(key).toMatch(/^([1-9A-HJKMNP-TV-Z]{5}-){5}[1-9A-HJKMNP-TV-Z]{5}$/)));
  });

  it('says by its first letter what it is for, and never says itself: its id is a hash', () => {
    expect(newActivationKey('host', randomBytes).key).toMatch(/^H/);
    expect(newActivationKey('multiple', randomBytes).key).toMatch(/^M/);
    const setup = newActivationKey('setup', randomBytes);
    expect(setup.key).toMatch(/^S/);
    expect(setup.keyId).toBe(activationKeyId(setup.key));
    expect(setup.keyId).toBe(createHash('sha256').update(setup.key).digest('base64url'));
    expect(setup.ending).toBe(setup.key.slice(-SYMBOLS));
  });

  it('is the same on every build: the spelling is frozen', () => {
    expect(newActivationKey('host', bytesFrom(1)).key).toMatchInlineSnapshot(`"HMVZ4-RYYK1-Q3CS1-8KGJ1-FFRPS-QARB3"`);
  });

  it('comes back whole, however it was typed', () => {
    const typed = fc.constantFrom<(key: string) => string>(
      (key) => key,
      (key) => key.toLowerCase(),
      (key) => key.replaceAll('-', ''),
      (key) => key.replaceAll('-', ' '),
      (key) => key.replaceAll('-', '\r\n'),
      (key) => `  ${key.replaceAll('-', ' – ')}\n`,
      (key) => [...key.replaceAll('-', '')].join(' '),
      (key) => key.replaceAll('1', 'l'),
      (key) => key.replaceAll('1', 'I'),
    );
    fc.assert(fc.property(someKey, typed, (key, type) => expect(parseActivationKey(type(key.key))).toEqual({ status: 'read', ...key })));
  });

  it('with one wrong symbol is misread, and the group is named', () => {
    fc.assert(
      fc.property(someKey, someGroup, fc.integer({ min: 0, max: SYMBOLS - 1 }), fc.constantFrom(...ALPHABET, '0', 'O', 'U', '?', 'Ü'), (key, at, place, wrong) => {
        const group = [...(groupsOf(key)[at] ?? '')];
        fc.pre(group[place] !== wrong);
        expect(misreadGroups(withGroup(key, at, group.with(place, wrong).join('')))).toEqual([at + 1]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('with two neighbours swapped is misread, and the group is named', () => {
    fc.assert(
      fc.property(someKey, someGroup, fc.integer({ min: 0, max: SYMBOLS - 2 }), (key, at, place) => {
        const group = groupsOf(key)[at] ?? '';
        const [left = '', right = ''] = group.slice(place);
        fc.pre(left !== right);
        expect(misreadGroups(withGroup(key, at, group.slice(0, place) + right + left + group.slice(place + 2)))).toEqual([at + 1]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('with two groups swapped is misread, and both are named', () => {
    fc.assert(
      fc.property(someKey, someGroup, someGroup, (key, one, other) => {
        fc.pre(one < other);
        const groups = groupsOf(key);
        expect(misreadGroups(groups.with(one, groups[other] ?? '').with(other, groups[one] ?? '').join('-'))).toEqual([one + 1, other + 1]);
      }),
    );
  });

  it('with a symbol left out or doubled is misread, and where the groups are kept apart the group is named', () => {
    fc.assert(
      fc.property(someKey, someGroup, fc.integer({ min: 0, max: SYMBOLS - 1 }), (key, at, place) => {
        const group = groupsOf(key)[at] ?? '';
        for (const changed of [group.slice(0, place) + group.slice(place + 1), group.slice(0, place + 1) + group.slice(place)]) {
          expect(misreadGroups(withGroup(key, at, changed))).toEqual([at + 1]);
          // Run together, all that follows is out of step; a group may fit by chance.
          expect(parseActivationKey(withGroup(key, at, changed).replaceAll('-', '')).status).toBe('misread');
        }
      }),
    );
  });

  it('without one of its groups is misread, and the first place that does not fit is named', () => {
    fc.assert(fc.property(someKey, someGroup, (key, at) => expect(misreadGroups(groupsOf(key).toSpliced(at, 1).join('-'))).toEqual([at + 1])));
  });

  it('is never quoted where it is misread', () => {
    const { key } = newActivationKey('host', bytesFrom(7));
    const read = parseActivationKey(key.replace('H', 'J'));
    expect(read).toEqual({ status: 'misread', groups: [1], detail: 'Group 1 of the key is not right.' });
    expect(parseActivationKey('')).toMatchObject({ status: 'misread', groups: [1] });
    expect(parseActivationKey('A'.repeat(1_001))).toMatchObject({ status: 'misread', groups: [1, 2, 3, 4, 5, 6] });
  });

  it('has symbols of equal chance: of the 256 bytes each symbol has eight, and eight are thrown away', () => {
    const drawn = (byte: number): string => {
      const drawOnce = [byte];
      const key = newActivationKey('setup', (size) => new Uint8Array(size).fill(drawOnce.pop() ?? 0));
      return groupsOf(key)[1]?.charAt(0) ?? '';
    };
    const symbols = Array.from({ length: 256 }, (_, byte) => drawn(byte));
    for (const symbol of ALPHABET) expect(symbols.slice(0, 248).filter((seen) => seen === symbol)).toHaveLength(8);
    expect(new Set(symbols.slice(248))).toEqual(new Set([drawn(0)]));
  });
});
