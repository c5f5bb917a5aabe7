/** A service of the test stream of a file, in this process. */
export interface TestStreamServing {
  readonly isRunning: boolean;
  close: () => Promise<void>;
}

const serving = new Map<string, Set<TestStreamServing>>();

/** Notes a service until it is told to stop. @param file absolute path of the pipeline file */
export function noteTestStreamService(file: string, service: TestStreamServing): void {
  const own = serving.get(file) ?? new Set();
  serving.set(file, own.add(service));
}

/** True while this process serves the test stream of a file. */
export function isATestStreamServiceRunning(file: string): boolean {
  return [...(serving.get(file) ?? [])].some(({ isRunning }) => isRunning);
}

/** Stops what serves the test stream of a file, and waits for it. @returns how many were running */
export async function attemptToStopTestStreamService(file: string): Promise<number> {
  const running = [...(serving.get(file) ?? [])].filter(({ isRunning }) => isRunning);
  serving.delete(file);
  await Promise.all(running.map((service) => service.close()));
  return running.length;
}
