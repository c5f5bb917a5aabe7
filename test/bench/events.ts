import { randomBytes } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { encodeWindowedElement } from '../../server/src/beam/coders/windowedValue.js';

const users = 'anna bela chen dmitri elif fatima george hana ivan jun kofi lena marta'.split(' ');
const kinds = ['view', 'view', 'view', 'view', 'click', 'click', 'cart', 'buy'];
const begin = Date.UTC(2026, 0, 1);

/**
 * Windowed values of clicks in a shop as JSON, about 100 bytes each; `elements.py` makes the same: a random id, a time 40 ms
 * after the one before (on average), users and pages of which few are frequent, an amount.
 */
export function clicks(count: number, seed: number): Uint8Array {
  const generator = xoroshiro128plus(seed);
  const random = (): number => uniformInt(generator, 0, 0x7fffffff) / 0x80000000;
  const oneOf = (words: string[]): string => words[Math.floor(random() * words.length)] ?? '';
  const rank = (most: number, power: number): number =>
    Math.min(most, Math.floor((1 - random()) ** -power));
  let time = begin;
  return Buffer.concat(
    Array.from({ length: count }, () => {
      time += Math.round(-40 * Math.log(1 - random()));
      const event = {
        id: Math.floor(random() * 2 ** 32)
          .toString(16)
          .padStart(8, '0'),
        time,
        user: `${oneOf(users)}${rank(999, 1)}`,
        event: oneOf(kinds),
        page: `/item/${rank(9999, 1.4)}`,
        amount: Math.round(2000 * (1 - random()) ** -0.7) / 100,
      };
      return encodeWindowedElement(time, Buffer.from(JSON.stringify(event)));
    }),
  );
}

/** Windowed values of 100 random bytes, which nothing makes shorter. */
export function randomElements(count: number): Uint8Array {
  return Buffer.concat(
    Array.from({ length: count }, (_, index) => encodeWindowedElement(index, randomBytes(100))),
  );
}
