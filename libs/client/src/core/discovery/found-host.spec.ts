import { formatEndpointText } from '@muster/contracts';
import { addressOf, objectionTo, schemeOf } from './found-host.js';

const record = { target: 'a.corp.example', port: 6878 };
const text = (scheme: 'http' | 'https', more: Partial<typeof record> = {}): readonly string[] => formatEndpointText({ ...record, ...more, scheme });

describe('what a port speaks', () => {
  it.each([
    ['no text', [], 'https'],
    ['its own text', [text('http')], 'http'],
    ['its own text, in two strings', [[text('http')[0]?.slice(0, 9) ?? '', text('http')[0]?.slice(9) ?? '']], 'http'],
    ['another port’s text', [text('http', { port: 80 })], 'https'],
    ['another host’s text', [text('http', { target: 'b.corp.example' })], 'https'],
    ['two texts that differ', [text('http'), text('https')], 'https'],
    ['a text of somebody else', [['v=spf1 -all']], 'https'],
  ] as const)('is TLS unless its text, and no other, says plain: %s', (_what, texts, scheme) => expect(schemeOf(record, texts)).toBe(scheme));

  it('is written as people write it', () => {
    expect(addressOf({ ...record, scheme: 'http' })).toBe('http://a.corp.example:6878');
    expect(addressOf({ target: 'a.corp.example', port: 443, scheme: 'https' })).toBe('https://a.corp.example');
    expect(addressOf({ target: 'a.corp.example', port: 80, scheme: 'https' })).toBe('https://a.corp.example:80');
  });
});

describe('a host that DNS names', () => {
  const off = ['192.0.2.1'];
  it.each([
    ['TLS anywhere', 'https', off, false, true],
    ['plain http on this machine', 'http', ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'], false, true],
    ['plain http elsewhere', 'http', off, false, false],
    ['plain http elsewhere as well', 'http', ['127.0.0.1', ...off], false, false],
    ['plain http on what only looks like this machine', 'http', ['::7f00:1'], false, false],
    ['plain http elsewhere, on a machine that was told to', 'http', off, true, true],
    ['a name without an address', 'https', [], true, false],
  ] as const)('is asked over %s', (_what, scheme, addresses, allowHttp, asked) => expect(objectionTo({ scheme, addresses }, { allowHttp }) === undefined).toBe(asked));
});
