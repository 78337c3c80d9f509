import { mayCarryToken, parseHostUrl } from './host-url.js';

describe('the address of a host', () => {
  it.each([
    ['http://127.0.0.1:6878', 'http://127.0.0.1:6878'],
    ['https://muster.corp.example/', 'https://muster.corp.example'],
    ['https://corp.example/muster//', 'https://corp.example/muster'],
  ])('%s is %s', (text, url) => expect(parseHostUrl(text)).toBe(url));

  it.each(['muster.corp.example:6878', 'nats://127.0.0.1', 'nonsense', 'http://operator:secret@host'])('is not %s', (text) => {
    expect(() => parseHostUrl(text)).toThrow(/host/);
  });

  it.each([
    ['http://127.0.0.1:6878', true],
    ['http://localhost:6878', true],
    ['http://[::1]:6878', true],
    ['https://muster.corp.example', true],
    ['http://muster.corp.example', false],
    ['http://127.0.0.1.evil.example', false],
    ['http://10.0.0.1', false],
  ])('%s may be told the token: %s', (url, may) => expect(mayCarryToken(url)).toBe(may));
});
