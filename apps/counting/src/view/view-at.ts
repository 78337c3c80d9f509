import type { CountingView } from './counting-view.fold.js';

/** A view at one position, and the instant that machines are aged at. */
export interface ViewAt {
  readonly view: CountingView;
  readonly position: number;
  readonly atMs: number;
  readonly final: boolean;
}
