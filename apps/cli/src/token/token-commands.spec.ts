import { painter } from '../terminal/paint.js';
import { revokeToken } from './token-commands.js';

const paint = painter(false);
const terminal = { json: false, verbose: false, watched: false, data: () => undefined, note: () => undefined, progress: () => undefined, paint, paintData: paint };

describe('muster token revoke', () => {
  it('takes an id, and sends a token that was typed in its place nowhere', async () => {
    const asked = revokeToken('muster_0123456789012345678901234567890123456789012')({ host: 'http://127.0.0.1:1', token: 'an-operator-token-0123456789' }, terminal);
    await expect(asked).rejects.toMatchObject({ reason: 'usage', message: 'A token is revoked by its id, not by itself.' });
  });
});
