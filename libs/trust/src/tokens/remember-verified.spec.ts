import { generateKeyPair, verifyHostCertificate } from '../index.js';
import { aChain } from './chain.fixture.js';
import { rememberVerified } from './remember-verified.js';
import { NOW_MS, outcomeOf } from './tokens.fixture.js';

const counted = () => {
  const asked: string[] = [];
  const verify = rememberVerified(
    async (jws: string) => {
      asked.push(jws);
      if (jws.startsWith('bad')) throw new Error('not believed');
      return { jws, claims: { pools: [jws] } };
    },
    (jws) => [jws],
  );
  return { asked, verify };
};

describe('what was verified', () => {
  it('is not verified again', async () => {
    const { asked, verify } = counted();
    expect(await verify('a')).toBe(await verify('a'));
    expect(asked).toEqual(['a']);
  });

  it('is forgotten once 64 others were used since', async () => {
    const { asked, verify } = counted();
    await verify('kept');
    await verify('forgotten');
    for (let other = 0; other < 63; other += 1) await verify(`other-${other}`).then(() => verify('kept'));
    await verify('kept');
    await verify('forgotten');
    expect(asked.filter((jws) => jws === 'kept')).toHaveLength(1);
    expect(asked.filter((jws) => jws === 'forgotten')).toHaveLength(2);
  });

  it('was believed: a refusal is never remembered, and pushes nothing out', async () => {
    const { asked, verify } = counted();
    await verify('good');
    for (let bad = 0; bad < 100; bad += 1) await expect(verify(`bad-${bad % 2}`)).rejects.toThrow('not believed');
    await verify('good');
    expect(asked).toHaveLength(101);
  });

  it('cannot be changed by whoever was handed it', async () => {
    const { verify } = counted();
    const { claims } = await verify('a');
    expect(() => claims.pools.push('b')).toThrow(TypeError);
    expect((await verify('a')).claims.pools).toEqual(['a']);
  });
});

describe('a certificate that was believed once', () => {
  it('is not believed by another root, under another intermediate, or outside its validity', async () => {
    const [chain, other] = await Promise.all([aChain(), aChain()]);
    const { certificate, intermediate } = chain;
    const root = chain.rootKey.publicJwk;
    expect(await outcomeOf(verifyHostCertificate(certificate, { root, atMs: NOW_MS, intermediate }))).toBe('believed');
    expect(await outcomeOf(verifyHostCertificate(certificate, { root: generateKeyPair().publicJwk, atMs: NOW_MS, intermediate }))).toBe('unknown-key');
    expect(await outcomeOf(verifyHostCertificate(certificate, { root, atMs: NOW_MS, intermediate: other.intermediate }))).toBe('unknown-key');
    expect(await outcomeOf(verifyHostCertificate(certificate, { root, atMs: NOW_MS }))).toBe('unknown-key');
    expect(await outcomeOf(verifyHostCertificate(certificate, { root, atMs: 0, intermediate }))).toBe('not-yet-valid');
    const signedByOther = [...certificate.split('.').slice(0, 2), other.certificate.split('.')[2]].join('.');
    expect(await outcomeOf(verifyHostCertificate(signedByOther, { root, atMs: NOW_MS, intermediate }))).toBe('signature-invalid');
  });
});
