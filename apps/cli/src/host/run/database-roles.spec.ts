import { asRole, roleOnForeignServer } from './start-database.js';

describe('the service role', () => {
  it('takes the place of the migration role in the address, whatever its password holds', () => {
    expect(asRole('postgres://owner:old@db:5432/muster?sslmode=require', { name: 'muster_service', password: 'a/b@c' })).toBe('postgres://muster_service:a%2Fb%40c@db:5432/muster?sslmode=require');
  });

  it("on somebody else's server is each host's own, and the same at every start", () => {
    expect(roleOnForeignServer('one')).toBe(roleOnForeignServer('one'));
    expect(roleOnForeignServer('one')).not.toBe(roleOnForeignServer('two'));
    expect(roleOnForeignServer('one')).toMatch(/^muster_service_[0-9a-f]{8}$/);
  });
});
