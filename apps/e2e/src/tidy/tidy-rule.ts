export interface TextFile {
  /** From the top of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Finding {
  readonly path: string;
  /** Absent when it is about the file as a whole, or its absence. */
  readonly line?: number;
  readonly what: string;
}

/** A rule of style that a program can check. `reason` is what whoever breaks it reads. */
export interface TidyRule {
  readonly name: string;
  readonly reason: string;
  readonly check: (files: readonly TextFile[]) => readonly Finding[];
  /** Files that the rule must find something in, and ones that it must not: a rule that cannot fail is a defect. */
  readonly samples: { readonly bad: readonly (readonly TextFile[])[]; readonly good: readonly (readonly TextFile[])[] };
}

export const file = (path: string, text: string): TextFile => ({ path, text });

/** Each line that matches, as a finding. */
export const matchingLines = ({ path, text }: TextFile, pattern: RegExp, what: (match: string) => string): readonly Finding[] =>
  text.split('\n').flatMap((line, index) => {
    const match = pattern.exec(line);
    return match === null ? [] : [{ path, line: index + 1, what: what(match[0].trim()) }];
  });

export const describeFinding = ({ path, line, what }: Finding): string => `${path}${line === undefined ? '' : `:${line}`}  ${what}`;
