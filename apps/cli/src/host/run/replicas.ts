import { CliFailure } from '../../failure/cli-failure.js';

/** How many processes of each service; the gateway is one, because it holds the port that clients know. */
export interface Replicas {
  readonly activation: number;
  readonly 'lease-renewal': number;
  readonly counting: number;
  /** Zero where nothing is to stand in DNS: every other service does without. */
  readonly 'dns-registrar': number;
}

export const ONE_OF_EACH: Replicas = { activation: 1, 'lease-renewal': 1, counting: 1, 'dns-registrar': 1 };

/** More than any one machine has use for; a typing error should not start a thousand processes. */
const REPLICAS_MAX = 16;

const FEWEST: Replicas = { activation: 1, 'lease-renewal': 1, counting: 1, 'dns-registrar': 0 };

const isScalable = (name: string): name is keyof Replicas => Object.hasOwn(FEWEST, name);

/** Reads `activation=2,counting=2`; what is not named stays at one. @throws CliFailure `usage` */
export const parseReplicas = (text: string): Replicas => {
  const replicas: { -readonly [Kind in keyof Replicas]: number } = { ...ONE_OF_EACH };
  for (const entry of text.split(',')) {
    const [name = '', count = ''] = entry.trim().split('=');
    if (!isScalable(name) || !/^(0|[1-9]\d?)$/.test(count) || Number(count) < FEWEST[name] || Number(count) > REPLICAS_MAX) {
      throw new CliFailure('usage', `--replicas ${text}: ${entry} is not activation=N, lease-renewal=N, counting=N or dns-registrar=N with N from 1 to ${REPLICAS_MAX} (dns-registrar: from 0).`);
    }
    replicas[name] = Number(count);
  }
  return replicas;
};
