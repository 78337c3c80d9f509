import { formatServerAddress, parseServerAddress } from './server-address.js';

describe('the address of a server', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1', 53],
    ['192.0.2.1:5353', '192.0.2.1', 5353],
    ['2001:db8::1', '2001:db8::1', 53],
    ['[2001:db8::1]', '2001:db8::1', 53],
    ['[::1]:5353', '::1', 5353],
  ])('%s is read', (text, address, port) => {
    const server = parseServerAddress(text);
    expect(server).toEqual({ address, port });
    expect(parseServerAddress(formatServerAddress(server))).toEqual(server);
  });

  it.each(['', 'ns.corp.test', '192.0.2.1:0', '192.0.2.1:65536', '[192.0.2.1]:53', '2001:db8::1:', '[::1', '192.0.2.1:53:54'])('is not %j', (text) => {
    expect(() => parseServerAddress(text)).toThrow('is not an address');
  });
});
