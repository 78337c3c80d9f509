import { readFileSync } from 'node:fs';
import type { ConfigDefinition, ConfigOf, Setting } from './setting.js';

const PREFIX = 'MUSTER_';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the configuration, one line each. Names values of secrets nowhere. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

interface Loaded<D extends ConfigDefinition> {
  readonly config: ConfigOf<D>;
  /** `MUSTER_` variables that mean nothing to this service: most often a misspelt name. */
  readonly unknownVariables: readonly string[];
}

type Text = { readonly text: string | undefined } | { readonly fault: string };

const fileVariable = (variable: string): string => `${variable}_FILE`;

/** An empty variable counts as not set: that is how compose files pass on what is missing. */
const variableText = (env: Environment, variable: string): string | undefined => (env[variable] === '' ? undefined : env[variable]);

function textOf({ variable, secret }: Setting<unknown>, env: Environment): Text {
  const text = variableText(env, variable);
  const file = secret ? variableText(env, fileVariable(variable)) : undefined;
  if (file === undefined) return { text };
  if (text !== undefined) return { fault: `${variable}: is set, and so is ${fileVariable(variable)}; set one of them` };
  try {
    return { text: readFileSync(file, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    return { fault: `${fileVariable(variable)}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})` };
  }
}

function valueOf(setting: Setting<unknown>, env: Environment): { readonly value: unknown } | { readonly fault: string } {
  const read = textOf(setting, env);
  if ('fault' in read) return read;
  const result = setting.schema.safeParse(read.text);
  if (result.success) return { value: result.data };
  const reason = read.text === undefined ? 'is not set' : (result.error.issues[0]?.message ?? 'is not valid');
  return { fault: `${setting.variable}: ${reason}` };
}

/** Reads the environment once. Throws a `ConfigError` with all faults at once. */
export function loadConfig<D extends ConfigDefinition>(definition: D, env: Environment): Loaded<D> {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(definition)) {
    const read = valueOf(setting, env);
    if ('fault' in read) faults.push(read.fault);
    else values[name] = read.value;
  }
  if (faults.length > 0) throw new ConfigError(faults);
  const known = new Set(Object.values(definition).flatMap(({ variable, secret }) => (secret ? [variable, fileVariable(variable)] : [variable])));
  const unknownVariables = Object.keys(env).filter((variable) => variable.startsWith(PREFIX) && !known.has(variable));
  return { config: values as ConfigOf<D>, unknownVariables };
}
