/**
 * Calls back once when the process that started this one over an IPC channel (as `npm start` does) is gone, however it ended.
 * Does nothing for a process that was started otherwise.
 */
export function onLauncherGone(listener: () => void): void {
  if (process.send === undefined) return;
  if (!process.connected) return void queueMicrotask(listener);
  process.once('disconnect', listener);
  process.channel?.unref(); // waiting for the launcher must not keep a finished process alive
}
