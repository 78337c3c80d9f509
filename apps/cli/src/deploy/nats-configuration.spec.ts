import { type BusUser, busPermissions } from '@muster/contracts';
import { natsServerConfig, natsUsers } from '@muster/messaging';
import { natsConfiguration } from './nats-configuration.js';

const names = Object.keys(busPermissions) as BusUser[];
const users = natsUsers(Object.fromEntries(names.map((name) => [name, `password-of-${name}`])) as Record<BusUser, string>);

it('the bus of containers is the one of the launcher: one table, one way to write it down', () => {
  const text = natsConfiguration(users);
  expect(text).toContain(natsServerConfig(users));
  for (const name of names) {
    const { publishes, serves, follows } = busPermissions[name];
    expect(text).toContain(`user: "${name}"`);
    for (const subject of [...publishes, ...follows]) expect(text).toContain(`"${subject}"`);
    for (const subject of serves) expect(text).toContain(`"${subject} ${name}"`);
  }
});
