import type { HostConfirmation } from '@muster/contracts';
import fc from 'fast-check';
import { decodeConfirmation, decodeInstallation, encodeConfirmation, encodeInstallation, generateKeyPair, isMadeBy } from '../index.js';
import type { Misread } from '../index.js';
import { writeDigitGroups } from './digit-groups.js';

const MINUTES_FROM_2026 = Date.UTC(2026, 0, 1) / 60_000;

const someConfirmation: fc.Arbitrary<HostConfirmation> = fc.record({
  serial: fc.integer({ min: 0, max: 0xff_ffff }),
  issuedAt: fc.integer({ min: 0, max: 2 ** 26 - 1 }).map((minutes) => (minutes + MINUTES_FROM_2026) * 60),
  validDays: fc.integer({ min: 1, max: 0xffff }),
  signature: fc.uint8Array({ minLength: 64, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
});

const digestOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const policiesDigest = digestOf(new Uint8Array(32).fill(9));
const someDigest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(digestOf);
const hosts = Array.from({ length: 20 }, () => generateKeyPair().publicJwk);

const asTyped = fc.constantFrom<(code: string) => string>(
  (code) => code,
  (code) => code.replaceAll(' ', '-'),
  (code) => code.replaceAll(' ', '\n'),
  (code) => code.replaceAll(' ', ''),
  (code) => ` ${code.replaceAll(/(.{40})/g, '$1\r\n')} `,
);

/** As whoever types it for the vendor learns of it. */
const heard = (text: string): { readonly status: string } | Misread => {
  const read = decodeInstallation(text);
  return read.status === 'misread' || isMadeBy(read, policiesDigest) ? read : { status: 'not-made-by' };
};

interface Code {
  readonly groups: readonly string[];
  readonly decode: (text: string) => { readonly status: string } | Misread;
}
const someCode: fc.Arbitrary<Code> = fc.oneof(
  someConfirmation.map((confirmation) => ({ groups: encodeConfirmation(confirmation).split(' '), decode: decodeConfirmation })),
  fc.constantFrom(...hosts).map((hostPublicKey) => ({ groups: encodeInstallation({ hostPublicKey, policiesDigest }).split(' '), decode: heard })),
);
const wrongGroups = ({ decode }: Code, groups: readonly string[]): unknown => {
  const read = decode(groups.join(' '));
  return 'groups' in read ? read.groups : read.status;
};

describe('a confirmation code', () => {
  it('is 29 groups of seven digits, and says the whole confirmation', () => {
    fc.assert(
      fc.property(someConfirmation, asTyped, (confirmation, type) => {
        const code = encodeConfirmation(confirmation);
        expect(code).toMatch(/^(\d{7} ){28}\d{7}$/);
        expect(decodeConfirmation(type(code))).toEqual({ status: 'read', confirmation });
      }),
    );
  });

  it('is the same on every build', () => {
    const confirmation = { serial: 7, issuedAt: (MINUTES_FROM_2026 + 1_000) * 60, validDays: 365, signature: Buffer.alloc(64, 0xa5).toString('base64url') };
    expect(encodeConfirmation(confirmation)).toMatchInlineSnapshot(`"0000000 4127785 0189132 8591073 6543178 8548940 8325537 5028901 5124723 4378685 8991408 1028882 6837807 7425907 7841385 7146157 6661639 9882858 8785217 3015368 5500009 1967773 4626955 2489894 4202881 9912421 9566020 0439278 9958133"`);
  });

  it('is not made of what it cannot say', () => {
    const good = { serial: 7, issuedAt: MINUTES_FROM_2026 * 60, validDays: 365, signature: Buffer.alloc(64, 1).toString('base64url') };
    expect(() => encodeConfirmation({ ...good, issuedAt: (MINUTES_FROM_2026 - 1) * 60 })).toThrow('at a time that its code cannot say');
    expect(() => encodeConfirmation({ ...good, issuedAt: (MINUTES_FROM_2026 + 2 ** 26) * 60 })).toThrow('at a time that its code cannot say');
    expect(() => encodeConfirmation({ ...good, issuedAt: good.issuedAt + 1 })).toThrow('a whole minute');
    expect(() => encodeConfirmation({ ...good, validDays: 0x1_0000 })).toThrow();
  });

  it('that is right in every group, and says no confirmation, is misread too', () => {
    expect(decodeConfirmation(writeDigitGroups(0n, 29))).toMatchObject({ status: 'misread', groups: [1, 2, 3, 4] });
    expect(decodeConfirmation(writeDigitGroups(2n ** 578n, 29))).toMatchObject({ status: 'misread', groups: [1] });
  });
});

describe('an installation code', () => {
  it('is 15 groups of seven digits, and says which host asks', () => {
    fc.assert(
      fc.property(fc.constantFrom(...hosts), someDigest, asTyped, (hostPublicKey, digest, type) => {
        const code = encodeInstallation({ hostPublicKey, policiesDigest: digest });
        expect(code).toMatch(/^(\d{7} ){14}\d{7}$/);
        const read = decodeInstallation(type(code));
        expect(read).toMatchObject({ status: 'read', hostPublicKey });
        expect(read.status === 'read' && isMadeBy(read, digest)).toBe(true);
      }),
    );
  });

  it('that was made by other policies, or for another host key, is told apart from a misheard one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...hosts), someDigest, someDigest, (hostPublicKey, digest, other) => {
        fc.pre(digest !== other);
        const read = decodeInstallation(encodeInstallation({ hostPublicKey, policiesDigest: digest }));
        expect(read.status === 'read' && isMadeBy(read, other)).toBe(false);
      }),
    );
  });

  it('does not speak for a key that names nobody', () => {
    const hostPublicKey = { kty: 'OKP', crv: 'Ed25519', x: Buffer.alloc(32).toString('base64url') } as const;
    expect(decodeInstallation(encodeInstallation({ hostPublicKey, policiesDigest }))).toMatchObject({ status: 'misread', detail: expect.stringContaining('not in their order') as unknown });
  });
});

describe('a code read out', () => {
  it('with one digit misheard is misread, and the group is named', () => {
    fc.assert(
      fc.property(someCode, fc.nat(), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 9 }), (code, chosen, place, by) => {
        const at = chosen % code.groups.length;
        const digits = [...(code.groups[at] ?? '')];
        const heard = digits.with(place, String((Number(digits[place]) + by) % 10)).join('');
        expect(wrongGroups(code, code.groups.with(at, heard))).toEqual([at + 1]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('with two neighbours swapped is misread, and the group is named', () => {
    fc.assert(
      fc.property(someCode, fc.nat(), fc.integer({ min: 0, max: 5 }), (code, chosen, place) => {
        const at = chosen % code.groups.length;
        const group = code.groups[at] ?? '';
        const [left = '', right = ''] = group.slice(place);
        fc.pre(left !== right);
        expect(wrongGroups(code, code.groups.with(at, group.slice(0, place) + right + left + group.slice(place + 2)))).toEqual([at + 1]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('with two groups less than ten apart swapped is misread, and both are named', () => {
    fc.assert(
      fc.property(someCode, fc.nat(), fc.integer({ min: 1, max: 9 }), (code, chosen, apart) => {
        const one = chosen % (code.groups.length - apart);
        const swapped = code.groups.with(one, code.groups[one + apart] ?? '').with(one + apart, code.groups[one] ?? '');
        expect(wrongGroups(code, swapped)).toEqual([one + 1, one + apart + 1]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('without one of its groups, or with one said twice, is misread, and the first place that does not fit is named', () => {
    fc.assert(
      fc.property(someCode, fc.nat(), (code, chosen) => {
        const at = chosen % code.groups.length;
        expect(wrongGroups(code, code.groups.toSpliced(at, 1))).toEqual([at + 1]);
        expect(wrongGroups(code, code.groups.toSpliced(at, 0, code.groups[at] ?? ''))).toEqual([Math.min(at + 2, code.groups.length)]);
      }),
    );
  });

  it('with a letter in it is misread, and the group is named', () => {
    const code = encodeInstallation({ hostPublicKey: hosts[0]!, policiesDigest }).split(' ');
    expect(decodeInstallation(code.with(4, `${(code[4] ?? '').slice(0, 6)}O`).join(' '))).toEqual({
      status: 'misread',
      groups: [5],
      detail: 'Group 5 of the code is not right.',
    });
  });
});
