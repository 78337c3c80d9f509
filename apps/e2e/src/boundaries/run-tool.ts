import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

interface ToolRun {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface ToolResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a Node script to its end. Its exit code is for the caller to judge: linters use it for findings. */
export const runTool = async ({ args, cwd, input = '', env = {} }: ToolRun): Promise<ToolResult> => {
  const child = spawn(process.execPath, [...args], { cwd, env: { ...process.env, NX_DAEMON: 'false', ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  child.stdin.end(input);
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { exitCode, stdout, stderr };
};
