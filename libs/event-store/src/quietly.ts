/** Calls an observer. What it throws is its own affair: it must not end the work that it watches. */
export const quietly = (tell: () => void): void => {
  try {
    tell();
  } catch {
    // An observer has nowhere to report its own failure to.
  }
};
