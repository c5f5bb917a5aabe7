const live = new Set<string>();

/** Notes that this process writes a recording. */
export function holdRecording(id: string): void {
  live.add(id);
}

export function releaseRecording(id: string): void {
  live.delete(id);
}

/** True while this process writes a recording. */
export function holdsRecording(id: string): boolean {
  return live.has(id);
}
