/** Says what is being done, on standard error: standard output is for the results alone. */
export type Progress = (line: string) => void;

export const progressOnStderr: Progress = (line) => void process.stderr.write(`${line}\n`);
