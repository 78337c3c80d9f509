/** Takes one line for people to read, without its line end. */
export type Log = (line: string) => void;
