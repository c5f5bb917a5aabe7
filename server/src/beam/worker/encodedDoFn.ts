/** What a DoFn of ours may do while a bundle runs. */
export interface BundleContext {
  /** Names the bundle among those of the worker. */
  readonly id: string;
  /** Emits whole windowed values, already in the output's wire coder. */
  emit(outputTag: string, windowedValues: Uint8Array): void;
  /** URN of the element coder the runner expects on an output. */
  wireCoderUrn(outputTag: string): string;
  /** Sets timers, already encoded with Beam's timer coder. */
  setTimers(family: string, timers: Uint8Array): void;
  /** Gives a windowed value of the input back to the runner, which hands it to a later bundle. */
  defer(windowedValue: Uint8Array): void;
}

/**
 * A DoFn that our worker runs. It sees elements as the runner encodes them, so nothing is decoded that
 * need not be. One instance serves all bundles of its transform in a job; bundles may overlap.
 */
export interface EncodedDoFn {
  /** Called with whole windowed values, as they arrive. The runner is slowed down until what it answers resolves. */
  process(windowedValues: Uint8Array, bundle: BundleContext): void | Promise<void>;
  /** Called with whole timers that fired. */
  onTimers(family: string, timers: Uint8Array, bundle: BundleContext): void;
  /** Everything has arrived: the last chance to emit. What it emits goes out before the bundle is finished. */
  emitDue?(bundle: BundleContext): Promise<void>;
  /** The bundle is acknowledged to the runner when this resolves, and fails when it rejects. */
  finishBundle(bundleId: string): Promise<void>;
  /** The bundle failed, in this DoFn or elsewhere: the runner delivers it again, or gives up. */
  failBundle?(bundleId: string): void;
}

/** A job as our worker sees it. */
export interface WorkerJob {
  /**
   * @param runner as the runner calls itself, `prism` say; empty if it does not
   * @throws for a URN that is not ours.
   */
  createDoFn(urn: string, output: number, runner: string): EncodedDoFn;
  /** A bundle failed, or the worker lost the runner: what it was at fails, and may be delivered once more. */
  onError(message: string): void;
}
