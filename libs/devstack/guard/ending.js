// Plain JavaScript, because the guard process must run the same from the sources (under Jest) and from the build.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20; // how soon an ended process is noticed; a waitpid is not possible for processes that are not our children

/** When the process started, in words that differ for every process that ever had this pid; undefined when none runs (a zombie does not). */
export function startTimeOf(pid) {
  return process.platform === 'linux' ? linuxStartTime(pid) : otherStartTime(pid);
}

function linuxStartTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // proc(5): the name in parentheses may hold spaces and parentheses, so count fields from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${bootId()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

let bootIdRead;
function bootId() {
  try {
    bootIdRead ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    bootIdRead = 'boot';
  }
  return bootIdRead;
}

function otherStartTime(pid) {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Whether the very process that was identified still runs: not another one that was given its pid since. */
export function isRunning({ pid, startedAt }) {
  return startTimeOf(pid) === startedAt;
}

/**
 * Ends one process: each signal in turn, with its own time to act on it.
 * Answers whether the process is gone. Never signals a process other than the identified one.
 */
export async function endProcess({ pid, startedAt, group, signals }) {
  if (!isRunning({ pid, startedAt })) return true;
  for (const { signal, waitMs } of signals) {
    if (!isRunning({ pid, startedAt })) break;
    signalProcess({ pid, group }, signal);
    const giveUpAt = Date.now() + waitMs;
    while (isRunning({ pid, startedAt }) && Date.now() < giveUpAt) await delay(POLL_MS);
  }
  if (group) signalProcess({ pid, group }, 'SIGKILL'); // what the process itself had started must not outlive it
  return !isRunning({ pid, startedAt });
}

function signalProcess({ pid, group }, signal) {
  try {
    process.kill(group ? -pid : pid, signal);
  } catch {
    // Gone in the meantime, or not ours to signal: the caller looks again and says so.
  }
}
