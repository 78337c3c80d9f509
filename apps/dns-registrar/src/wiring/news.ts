/** Tells whoever listens that something may have changed. It says nothing of what: everybody looks for himself. */
export class News {
  private readonly listeners = new Set<() => void>();

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Never throws, and never calls anybody within the caller's turn. */
  readonly tell = (): void => {
    for (const listener of this.listeners) setImmediate(listener);
  };
}
