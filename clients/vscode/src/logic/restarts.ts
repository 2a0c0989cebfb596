const WINDOW_MS = 180_000;
const LIMIT = 4;

/** Says whether a server that ended by itself is started again: not in a crash loop. */
export class Restarts {
  private ends: number[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** Note an end; false says that it was the last one that is forgiven. */
  again(): boolean {
    const now = this.now();
    this.ends = [...this.ends.filter((end) => now - end < WINDOW_MS), now];
    return this.ends.length < LIMIT;
  }

  /** A person asked for a start: what was before is forgotten. */
  forget(): void {
    this.ends = [];
  }

  get count(): number {
    return this.ends.length;
  }
}
