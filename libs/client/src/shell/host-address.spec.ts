import { parseHostAddress } from './host-address.js';

describe('the address of a host', () => {
  it.each([
    ['license.example', 'http://license.example:6878'],
    ['license.example:80', 'http://license.example:80'],
    ['license.example:7000', 'http://license.example:7000'],
    ['10.0.0.7:7000', 'http://10.0.0.7:7000'],
    ['[::1]:7000', 'http://[::1]:7000'],
    ['https://license.example', 'https://license.example'],
    ['https://license.example/muster/', 'https://license.example/muster'],
    ['http://license.example:6878', 'http://license.example:6878'],
  ])('%s is %s', (text, address) => expect(parseHostAddress(text)).toBe(address));

  it.each(['', 'two words', 'host/path', 'user:secret@host', 'https://user:secret@host', 'https://host/?a=b', 'host:port', 'ftp://host'])('%s is none', (text) =>
    expect(parseHostAddress(text)).toBeUndefined(),
  );
});
