import { createAccessTokenSchema } from './access.messages.js';

describe('the order of an access token', () => {
  const isTaken = (note: string): boolean => createAccessTokenSchema.safeParse({ role: 'viewer', note }).success;

  it.each(['Grüße an Ωμέγα', ' trimmed '])('may say whom it is for: %j', (note) => expect(isTaken(note)).toBe(true));
  it.each(['\u0000', 'a\u0000b', 'a\u001b[2J', 'two\nlines', ' ', 'x'.repeat(201)])('takes no note that a database cannot keep, or a terminal obeys: %j', (note) => expect(isTaken(note)).toBe(false));
});
