import { createLogger } from './create-logger.js';
import { NestLogger } from './nest-logger.js';
import { redactFields } from './redact.js';

const collector = () => {
  const lines: Record<string, unknown>[] = [];
  return { lines, destination: { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) } };
};

describe('redaction', () => {
  it.each(['password', 'natsPassword', 'NATS_PASSWORD', 'token', 'operator_token', 'key', 'privateKey', 'signingKeys', 'authorization', 'Authorization', 'lease', 'lastLease', 'jws', 'Set-Cookie'])(
    'hides %s',
    (name) => {
      expect(redactFields({ [name]: 'hunter2' })).toEqual({ [name]: '[redacted]' });
      expect(redactFields({ deep: [{ er: { [name]: { hunter: 2 } } }] })).toEqual({ deep: [{ er: { [name]: '[redacted]' } }] });
    },
  );

  it.each(['leaseId', 'keyboard', 'monkey', 'tokenCount', 'position'])('shows %s', (name) => {
    expect(redactFields({ [name]: 'x' })).toEqual({ [name]: 'x' });
  });

  it('hides credentials in URLs, and ends on cycles', () => {
    expect(redactFields({ servers: ['nats://user:p%40ss@host:4222', 'https://host/a@b'] })).toEqual({ servers: ['nats://[redacted]@host:4222', 'https://host/a@b'] });
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    expect(JSON.stringify(redactFields(cyclic))).toContain('too deep');
  });
});

describe('the log', () => {
  it('is JSON lines with time, level, service and message', () => {
    const { lines, destination } = collector();
    const log = createLogger({ service: 'counting', level: 'info', destination });
    log.info({ position: 7, natsPassword: 'hunter2' }, 'caught up');
    log.debug({}, 'not shown');
    expect(lines).toEqual([{ level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), service: 'counting', position: 7, natsPassword: '[redacted]', message: 'caught up' }]);
  });

  it('shows errors with their stack and cause, and without the secrets they carry', () => {
    const { lines, destination } = collector();
    const log = createLogger({ service: 'x', level: 'info', destination });
    log.error({ err: Object.assign(new Error('cannot reach postgres://u:hunter2@h/db'), { password: 'hunter2' }) }, 'failed');
    expect(lines[0]?.err).toMatchObject({ type: 'Error', message: 'cannot reach postgres://[redacted]@h/db', password: '[redacted]', stack: expect.stringContaining('logging.spec') as string });
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('takes what Nest says, with its routine lines as debug', () => {
    const { lines, destination } = collector();
    const nest = new NestLogger(createLogger({ service: 'x', level: 'debug', destination }));
    nest.log('Mapped {/livez, GET} route', 'RouterExplorer');
    nest.error('Nest broke', 'the stack', 'ExceptionsHandler');
    nest.error(new Error('boom'));
    nest.warn({ odd: true }, 'Context');
    nest.fatal('the end');
    nest.verbose('not shown');
    expect(lines.map(({ level, message, context }) => [level, message, context])).toEqual([
      ['debug', 'Mapped {/livez, GET} route', 'RouterExplorer'],
      ['error', 'Nest broke', 'ExceptionsHandler'],
      ['error', 'boom', undefined],
      ['warn', '{"odd":true}', 'Context'],
      ['fatal', 'the end', undefined],
    ]);
  });
});
