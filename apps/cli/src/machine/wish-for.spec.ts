import { wishFor, type WishInput } from './wish-for.js';

const ids = ['new'].values();
const input = (overrides: Partial<WishInput> = {}): WishInput => ({
  product: 'acme.server',
  virtual: false,
  hostname: 'srv-01',
  citedLease: undefined,
  pending: undefined,
  uuid: () => ids.next().value ?? 'another',
  ...overrides,
});

const pending = { jti: 'old', product: 'acme.server', machine: { hostname: 'srv-00', virtual: false } };

describe('the request of a machine', () => {
  it('is a new one when none is under way', () => expect(wishFor(input())).toEqual({ jti: 'new', product: 'acme.server', machine: { hostname: 'srv-01', virtual: false } }));

  it('is the one under way again, also under a new host name', () => {
    expect(wishFor(input({ pending }))).toEqual({ ...pending, machine: { hostname: 'srv-01', virtual: false } });
  });

  it.each([
    ['another kind of machine', { virtual: true }],
    ['another lease cited', { citedLease: 'digest' }],
  ])('is a new one when it asks for something else: %s', (_what, overrides) => {
    expect(wishFor(input({ pending, ...overrides })).jti).not.toBe('old');
  });
});
