/** How often a fault is tried: few by default, `npm run test:faults -- --runs 200` for more. */
export function faultRuns(byDefault: number): number {
  const runs = Number(process.env['BEAM_REWIND_FAULT_RUNS'] ?? byDefault);
  if (!(runs >= 1)) throw new Error('BEAM_REWIND_FAULT_RUNS is not a number of runs.');
  return runs;
}
