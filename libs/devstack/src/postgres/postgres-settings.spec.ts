import { settingsAsArguments } from './postgres-settings.js';

describe('PostgreSQL settings', () => {
  it('keep durability and loopback whatever the caller asks for', () => {
    const args = settingsAsArguments(5432, { fsync: 'off', synchronous_commit: 'off', listen_addresses: '*', work_mem: '8MB' });
    expect(args).toEqual(expect.arrayContaining(['fsync=on', 'synchronous_commit=on', 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'work_mem=8MB']));
    expect(args).not.toContain('fsync=off');
  });
});
