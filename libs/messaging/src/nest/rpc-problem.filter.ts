import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';

/** Lets errors reach the transport as they are. Nest's own filter would turn a `Problem` into "Internal server error" before that. */
@Catch()
export class RpcProblemFilter implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
