/** Lets the newest of several pieces of work speak: `isLatest()` of an older one is false. */
export class Latest {
  private number = 0;

  begin(): () => boolean {
    this.number += 1;
    const own = this.number;
    return () => own === this.number;
  }
}
