import { CliFailure } from '../../failure/cli-failure.js';

/** How many processes of each service; the gateway is one, because it holds the port that clients know. */
export interface Replicas {
  readonly activation: number;
  readonly 'lease-renewal': number;
  readonly counting: number;
}

export const ONE_OF_EACH: Replicas = { activation: 1, 'lease-renewal': 1, counting: 1 };

/** More than any one machine has use for; a typing error should not start a thousand processes. */
const REPLICAS_MAX = 16;

const isScalable = (name: string): name is keyof Replicas => name === 'activation' || name === 'lease-renewal' || name === 'counting';

/** Reads `activation=2,counting=2`; what is not named stays at one. @throws CliFailure `usage` */
export const parseReplicas = (text: string): Replicas => {
  const replicas: { -readonly [Kind in keyof Replicas]: number } = { ...ONE_OF_EACH };
  for (const entry of text.split(',')) {
    const [name = '', count = ''] = entry.trim().split('=');
    if (!isScalable(name) || !/^[1-9]\d?$/.test(count) || Number(count) > REPLICAS_MAX) {
      throw new CliFailure('usage', `--replicas ${text}: ${entry} is not activation=N, lease-renewal=N or counting=N with N from 1 to ${REPLICAS_MAX}.`);
    }
    replicas[name] = Number(count);
  }
  return replicas;
};
