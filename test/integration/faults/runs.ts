/** How often a fault is tried: few by default, `npm run test:faults -- --runs 200` for more. */
export function faultRuns(byDefault: number): number {
  const runs = Number(process.env['BEAM_REWIND_FAULT_RUNS'] ?? byDefault);
  if (!(runs >= 1)) throw new Error('BEAM_REWIND_FAULT_RUNS is not a number of runs.');
  return runs;
}

/** Decides at which moments faults happen: another each time, `--seed N` to try the same ones again. */
export function faultSeed(): number {
  const seed = Number(process.env['BEAM_REWIND_FAULT_SEED'] ?? Date.now() % 2 ** 31);
  console.log(`    (seed ${seed})`);
  return seed;
}
