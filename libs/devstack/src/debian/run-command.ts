import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const OUTPUT_BYTES_MAX = 8 * 1024 * 1024;

/** Runs a command to its end and answers its standard output; rejects with the last lines of what it wrote to standard error. */
export async function runCommand(command: string, args: readonly string[], options: { readonly cwd: string; readonly timeoutMs: number }): Promise<string> {
  const { cwd, timeoutMs } = options;
  try {
    const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
    const { stdout } = await promisify(execFile)(command, args, { cwd, env, timeout: timeoutMs, maxBuffer: OUTPUT_BYTES_MAX });
    return stdout.trim();
  } catch (error) {
    const { stderr = '', message } = error as { readonly stderr?: string; readonly message: string };
    const reason = stderr.trim().split('\n').slice(-3).join('; ') || message;
    throw new Error(`${command} ${args.find((arg) => !arg.startsWith('-')) ?? ''}: ${reason}`, { cause: error });
  }
}
