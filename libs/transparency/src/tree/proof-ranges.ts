import type { LeafRange } from './subtrees.js';
import { splitOf } from './subtrees.js';

/** Which ranges an inclusion proof is made of, from the leaf to the root: PATH of RFC 9162 section 2.1.3.1. */
export const inclusionRanges = (leafIndex: number, treeSize: number): readonly LeafRange[] => {
  const fromRoot: LeafRange[] = [];
  let [begin, end] = [0, treeSize];
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    if (leafIndex < middle) {
      fromRoot.push({ begin: middle, end });
      end = middle;
    } else {
      fromRoot.push({ begin, end: middle });
      begin = middle;
    }
  }
  return fromRoot.reverse();
};

/** Which ranges a consistency proof is made of: SUBPROOF of RFC 9162 section 2.1.4.1. Needs 0 < firstSize < secondSize. */
export const consistencyRanges = (firstSize: number, secondSize: number): readonly LeafRange[] => {
  const fromRoot: LeafRange[] = [];
  let [begin, end] = [0, secondSize];
  while (end > firstSize) {
    const middle = begin + splitOf(end - begin);
    if (firstSize <= middle) {
      fromRoot.push({ begin: middle, end });
      end = middle;
    } else {
      fromRoot.push({ begin, end: middle });
      begin = middle;
    }
  }
  // The first tree itself, where it is one complete subtree, is known to whoever verifies.
  if (begin > 0) fromRoot.push({ begin, end });
  return fromRoot.reverse();
};
