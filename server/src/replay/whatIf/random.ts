import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Numbers that are the same for the same seed, on every machine. */
export interface Random {
  /** A whole number from 0 up to, and without, the limit. */
  below(limit: number): number;
  /** True for about this share of the calls, 0 to 1. */
  chance(share: number): boolean;
}

const chances = 1 << 30;

export function randomFrom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return {
    below: (limit) => uniformInt(generator, 0, limit - 1),
    chance: (share) => uniformInt(generator, 0, chances - 1) < share * chances,
  };
}
