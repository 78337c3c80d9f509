import type { HttpRequest } from '../http/http-message.js';
import { isLoopback, isPrivate } from './private-transport.js';
import { REMEMBERED_MS_MAX, rememberingIdentifier } from './remembering-identifier.js';
import { rolesAllowed } from './role-rule.js';
import type { Identification } from './token-identifier.js';

describe('the roles that may', () => {
  it.each([
    [['viewer'], ['viewer', 'operator', 'auditor', 'admin']],
    [['operator'], ['operator', 'admin']],
    [['auditor'], ['auditor', 'admin']],
    [['operator', 'auditor'], ['operator', 'auditor', 'admin']],
    [['admin'], ['admin']],
  ] as const)('where %j is named are %j', (named, allowed) => {
    expect(rolesAllowed(named)).toEqual(allowed);
  });
});

describe('a private request', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('%s does not leave the machine', (address) => expect(isLoopback(address)).toBe(true));
  it.each(['10.0.0.1', '128.0.0.1', '::2', '::ffff:10.0.0.1', '127.example.com', '', '127.0.0.1.evil'])('%s may', (address) => expect(isLoopback(address)).toBe(false));

  it('came over TLS, or from this machine', () => {
    const from = (ip: string, protocol: 'http' | 'https') => isPrivate({ ip, protocol, headers: {} } as HttpRequest);
    expect([from('127.0.0.1', 'http'), from('10.0.0.1', 'https'), from('10.0.0.1', 'http')]).toEqual([true, true, false]);
  });

  it.each(['x-forwarded-for', 'forwarded', 'via'])('did not come through a proxy of this machine that nobody named (%s)', (header) => {
    const by = (protocol: 'http' | 'https') => isPrivate({ ip: '127.0.0.1', protocol, headers: { [header]: '203.0.113.7' } } as unknown as HttpRequest);
    expect([by('http'), by('https')]).toEqual([false, true]);
  });

  it('came from this machine where a trusted proxy says so', () => {
    const by = (...ips: readonly string[]) => isPrivate({ ip: '127.0.0.1', ips, protocol: 'http', headers: { 'x-forwarded-for': '127.0.0.1' } } as unknown as HttpRequest);
    expect([by('127.0.0.1', '127.0.0.1'), by('127.0.0.1')]).toEqual([true, false]);
  });
});

describe('a remembering identifier', () => {
  const setUp = () => {
    const asked: string[] = [];
    const time = { ms: 0 };
    const answers: { next: () => Promise<Identification> } = { next: () => Promise.resolve({ status: 'unknown' }) };
    const identifier = rememberingIdentifier(
      {
        identify: (hash) => {
          asked.push(hash);
          return answers.next();
        },
      },
      () => time.ms,
    );
    return { asked, time, answers, identifier };
  };

  it('asks once for some seconds, counted from the question', async () => {
    const { asked, time, identifier, answers } = setUp();
    await Promise.all([identifier.identify('a'), identifier.identify('a')]);
    time.ms = REMEMBERED_MS_MAX - 1;
    await identifier.identify('a');
    expect(asked).toEqual(['a']);
    time.ms = REMEMBERED_MS_MAX;
    answers.next = () => Promise.resolve({ status: 'revoked' });
    expect(await identifier.identify('a')).toEqual({ status: 'revoked' });
    expect(REMEMBERED_MS_MAX).toBeLessThan(5000);
  });

  it('forgets a failure', async () => {
    const { asked, identifier, answers } = setUp();
    answers.next = () => Promise.reject(new Error('away'));
    await expect(identifier.identify('a')).rejects.toThrow('away');
    answers.next = () => Promise.resolve({ status: 'unknown' });
    await identifier.identify('a');
    expect(asked).toHaveLength(2);
  });

  it('remembers a thousand at most, and forgets first what was longest unused', async () => {
    const { asked, identifier } = setUp();
    await identifier.identify('kept');
    for (let n = 0; n < 1023; n += 1) await identifier.identify(`tried-${n}`);
    await identifier.identify('kept');
    await identifier.identify('one-more');
    asked.length = 0;
    await identifier.identify('kept');
    await identifier.identify('tried-0');
    expect(asked).toEqual(['tried-0']);
  });
});
