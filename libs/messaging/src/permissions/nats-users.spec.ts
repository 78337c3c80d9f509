import { busPermissions } from '@muster/contracts';
import { natsServerConfig } from './nats-server-config.js';
import { natsUsers } from './nats-users.js';

const passwords = { gateway: 'g', activation: 'a', 'lease-renewal': 'l', counting: 'c', 'dns-registrar': 'd', integration: '$MUSTER_INTEGRATION_PASSWORD' };
const users = natsUsers(passwords);

describe('natsUsers', () => {
  it('lets each user answer to the inboxes of those who may ask it, and of nobody else', () => {
    const inboxes = Object.fromEntries(users.map((user) => [user.name, user.publish.allow.filter((subject) => subject.startsWith('_INBOX'))]));
    expect(inboxes).toEqual({
      gateway: ['_INBOX_integration.>'],
      activation: ['_INBOX_gateway.>'],
      'lease-renewal': ['_INBOX_gateway.>'],
      counting: ['_INBOX_gateway.>', '_INBOX_activation.>', '_INBOX_lease-renewal.>'],
      'dns-registrar': ['_INBOX_gateway.>'],
      integration: [],
    });
  });

  it('lets each user read its own inbox only, and serve only in the queue group of its name', () => {
    for (const user of users) {
      expect(user.subscribe.allow.filter((subject) => subject.startsWith('_INBOX'))).toEqual([`_INBOX_${user.name}.>`]);
      expect(user.subscribe.allow.filter((subject) => subject.includes(' '))).toEqual(busPermissions[user.name].serves.map((subject) => `${subject} ${user.name}`));
    }
  });

  it('refuses a password that could say more than itself', () => {
    for (const gateway of ['a"}', 'a\\', 'a\nb', 'ä']) expect(() => natsServerConfig(natsUsers({ ...passwords, gateway }))).toThrow('printable ASCII');
  });

  it('renders a configuration whose passwords may come from the environment', () => {
    const text = natsServerConfig(users);
    expect(text).toContain('password: "g"');
    expect(text).toContain('password: $MUSTER_INTEGRATION_PASSWORD');
    const { follows, serves } = busPermissions.activation;
    const allowed = [...follows, ...serves.map((subject) => `${subject} activation`), '_INBOX_activation.>'];
    expect(text).toContain(`subscribe: { allow: [${allowed.map((subject) => `"${subject}"`).join(', ')}] }`);
  });
});
