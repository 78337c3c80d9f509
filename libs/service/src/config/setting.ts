import { z } from 'zod';

/** One configuration value: where it comes from and what it must be. */
export interface Setting<T> {
  /** Name of the environment variable; a secret may also stand in the file that `<name>_FILE` names. */
  readonly variable: string;
  /** Reads the variable's text; undefined when it is not set, so a default or `optional()` is the schema's business. */
  readonly schema: z.ZodType<T>;
  readonly secret: boolean;
}

export type ConfigDefinition = Readonly<Record<string, Setting<unknown>>>;

/** The values that a definition yields. */
export type ConfigOf<D extends ConfigDefinition> = { readonly [K in keyof D]: D[K] extends Setting<infer T> ? T : never };

export const setting = <T>(variable: string, schema: z.ZodType<T>): Setting<T> => ({ variable, schema, secret: false });

const secretText = z.string().min(1);

export function secret(variable: string): Setting<string>;
export function secret<T>(variable: string, schema: z.ZodType<T>): Setting<T>;
/** A value that is never printed, and that may come from a file. */
export function secret(variable: string, schema: z.ZodType<unknown> = secretText): Setting<unknown> {
  return { variable, schema, secret: true };
}

/** Says that this is a configuration, and infers its type. */
export const defineConfig = <const D extends ConfigDefinition>(definition: D): D => definition;
