import { Problem } from '@muster/kernel';
import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';

const ISSUES_SHOWN_MAX = 5; // enough to mend a request; an attacker's thousand wrong members make no thousand lines

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

class InvalidInput extends Error {
  constructor(readonly issues: readonly Issue[]) {
    super('invalid input');
  }
}

/** RFC 6901, below the name of the parameter where there is one. */
function pointerOf({ path = [] }: Issue, parameter: string | undefined): string {
  const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment));
  return [...(parameter === undefined ? [] : [parameter]), ...keys].map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** What is wrong with an input, as a problem that points at it. */
export function malformedRequest(issues: readonly Issue[], parameter?: string): Problem {
  const lines = issues.slice(0, ISSUES_SHOWN_MAX).map((issue) => {
    const pointer = pointerOf(issue, parameter);
    return pointer === '' ? issue.message : `${pointer}: ${issue.message}`;
  });
  const first = issues[0];
  const pointer = first === undefined ? '' : pointerOf(first, parameter);
  return new Problem('malformed-request', lines.join('; '), pointer === '' ? {} : { extensions: { pointer } });
}

/** Checks what controllers declare with `{ schema }`, over HTTP and NATS alike. */
@Injectable()
export class ProblemValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues) => new InvalidInput(issues) });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (error instanceof InvalidInput) throw malformedRequest(error.issues, metadata.data);
      throw error;
    }
  }
}
