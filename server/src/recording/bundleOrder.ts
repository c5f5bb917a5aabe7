/**
 * Holds back, in their order, what stands behind a part of a bundle until it is known whether that bundle
 * was delivered whole: a bundle that failed does not count, and is delivered again.
 */
export class BundleOrder<T> {
  private items: { item: T; bundle: number | undefined }[] = [];
  private taken = 0;
  /** Bundles with parts that wait, and what became of them. */
  private readonly fates = new Map<number, 'open' | 'whole' | 'failed'>();

  /** @param bundle of elements whose record does not say that the bundle is whole */
  add(item: T, bundle?: number): void {
    this.items.push({ item, bundle });
    if (bundle !== undefined && !this.fates.has(bundle)) this.fates.set(bundle, 'open');
  }

  /** What became of a bundle; the parts that were added until now are all it has. */
  end(bundle: number, isWhole: boolean): void {
    if (this.fates.has(bundle)) this.fates.set(bundle, isWhole ? 'whole' : 'failed');
  }

  /** Nothing more comes: bundles that have not ended failed. */
  endAll(): void {
    for (const [bundle, fate] of this.fates) if (fate === 'open') this.fates.set(bundle, 'failed');
  }

  /** How many are held back. */
  get size(): number {
    return this.items.length - this.taken;
  }

  /** The bundle that the others wait for. */
  get waitsFor(): number | undefined {
    return this.items[this.taken]?.bundle;
  }

  /** The next that counts, if it is known. */
  take(): T | undefined {
    for (;;) {
      const next = this.items[this.taken];
      if (!next) return undefined;
      const fate = next.bundle === undefined ? 'whole' : this.fates.get(next.bundle);
      if (fate === 'open') return undefined;
      this.taken++;
      if (this.taken === this.items.length) {
        this.items = [];
        this.taken = 0;
        this.fates.clear();
      } else if (this.taken > 1000) {
        this.items = this.items.slice(this.taken);
        this.taken = 0;
      }
      if (fate === 'whole') return next.item;
    }
  }
}
