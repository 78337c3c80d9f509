import { type BusUser, busPermissions, inboxPrefix } from '@muster/contracts';

/** A NATS user and the subjects it may use; whatever is not listed is refused. */
export interface NatsUser {
  readonly name: BusUser;
  readonly password: string;
  readonly publish: { readonly allow: readonly string[] };
  /** `subject` or `subject queue`: the latter only in that queue group. */
  readonly subscribe: { readonly allow: readonly string[] };
  readonly allowResponses: boolean;
}

const allUsers = Object.keys(busPermissions) as BusUser[];

const inboxOf = (user: BusUser): string => `${inboxPrefix(user)}.>`;

/** Those who may ask this user something, and whose inboxes it therefore answers to. */
const callersOf = (user: BusUser): readonly BusUser[] => {
  const served = new Set(busPermissions[user].serves);
  return allUsers.filter((caller) => busPermissions[caller].publishes.some((subject) => served.has(subject)));
};

/**
 * The table of bus permissions as NATS users.
 *
 * Answering is allowed by the callers' inboxes instead of `allow_responses`, which ends after one reply and some time: a replay streams its
 * progress for minutes.
 */
export const natsUsers = (passwords: Readonly<Record<BusUser, string>>): readonly NatsUser[] =>
  allUsers.map((user) => {
    const { publishes, serves, follows } = busPermissions[user];
    return {
      name: user,
      password: passwords[user],
      publish: { allow: [...publishes, ...callersOf(user).map(inboxOf)] },
      subscribe: { allow: [...follows, ...serves.map((subject) => `${subject} ${user}`), inboxOf(user)] },
      allowResponses: false,
    };
  });
