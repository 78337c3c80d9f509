import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActivationAnswer } from '@muster/contracts';
import { activationAnswerSchema, busPermissions, inboxPrefix, subjects } from '@muster/contracts';
import { isProblem } from '@muster/kernel';
import type { Bus } from '@muster/messaging';
import { connectBus } from '@muster/messaging';
import { aMachine, eventually } from '@muster/testing';
import type { SignedWish } from '../../fleet/wish.js';
import { SERVER, signWish } from '../../fleet/wish.js';
import type { Host } from '../../host/host.js';

const REQUEST_TIMEOUT_MS = 5_000;

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const connect = async ({ dataDir, partsOf }: Host): Promise<Bus> => {
  const [nats] = partsOf('nats');
  const password = readFileSync(join(dataDir, 'secrets', 'nats-integration'), 'utf8').trim();
  const bus = connectBus({ url: `nats://127.0.0.1:${nats?.port}`, user: 'integration', password, name: 'story', inboxPrefix: inboxPrefix('integration'), log: silent });
  await eventually(() => assert.equal(bus.status().state, 'connected'));
  return bus;
};

const submit = async (bus: Bus, jws: string): Promise<ActivationAnswer> => {
  const reply = await bus.requestRaw(subjects.activationSubmit, Buffer.from(jws), { timeoutMs: REQUEST_TIMEOUT_MS });
  return activationAnswerSchema.parse(JSON.parse(Buffer.from(reply).toString('utf8')));
};

/** Refused by NATS itself, not merely unanswered. */
const expectForbidden = async (bus: Bus, subject: string): Promise<void> => {
  const outcome: unknown = await bus.requestRaw(subject, Buffer.from('{}'), { timeoutMs: REQUEST_TIMEOUT_MS }).catch((error: unknown) => error);
  assert.ok(isProblem(outcome) && outcome.detail.includes('may not ask'), `${subject} is closed to the integration user: ${String(outcome)}`);
};

/** Asks for a virtual server over the bus, where the answer must be the one that HTTP gives, and tries every subject that is not the user's. */
export const checkIntegrationUser = async (host: Host, onAnswer: (wish: SignedWish, answer: ActivationAnswer) => void): Promise<void> => {
  const bus = await connect(host);
  try {
    const wish = await signWish(aMachine('first-light-integration'), { product: SERVER, virtual: true });
    const answer = await submit(bus, wish.jws);
    assert.deepEqual(await host.api.activate(wish.jws), answer, 'HTTP and NATS give one answer to one request');
    onAnswer(wish, answer);
    const wrong = await bus.requestRaw(subjects.activationSubmit, Buffer.from('no request'), { timeoutMs: REQUEST_TIMEOUT_MS }).catch((error: unknown) => error);
    assert.ok(isProblem(wrong, 'malformed-request'), `a malformed request over NATS: ${String(wrong)}`);
    const closed = Object.values(subjects).filter((subject) => !busPermissions.integration.publishes.includes(subject));
    for (const subject of closed) await expectForbidden(bus, subject);
  } finally {
    await bus.close();
  }
};
