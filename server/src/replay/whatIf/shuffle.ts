import type { Disturbance, ElementRecord } from './disturbance.js';
import { eachElement, isElement, movedTo } from './disturbance.js';
import type { Random } from './random.js';

/** Elements among which one is drawn: how far an element can come out of its place. */
const poolSize = 1000;

/**
 * Harmless disorder: elements change places, and none becomes late, or on time, that was not. An element that
 * was on time comes before the first watermark that passes it; one that was late stays where it is. The times of
 * arrival stay: only which element arrives when is changed.
 */
export function shuffle(random: Random): Disturbance {
  return async function* (merged) {
    const pool: ElementRecord[] = [];
    const watermarks = new Map<number, bigint>();

    const draw = (): ElementRecord | undefined => {
      const index = random.below(pool.length);
      const drawn = pool[index];
      const last = pool.pop();
      if (drawn && last && drawn !== last) pool[index] = last;
      return drawn;
    };
    const drawAll = function* (arrivalMicros: bigint, mustGo: (one: ElementRecord) => boolean) {
      const going = pool.filter(mustGo);
      const staying = pool.filter((one) => !mustGo(one));
      pool.splice(0, pool.length, ...going);
      while (pool.length > 0) {
        const drawn = draw();
        if (drawn) yield movedTo(drawn, arrivalMicros);
      }
      pool.push(...staying);
    };

    let arrivalMicros = 0n;
    for await (const one of eachElement(merged)) {
      arrivalMicros = one.arrivalMicros;
      if (isElement(one)) {
        if (isLate(one, watermarks)) {
          yield one;
          continue;
        }
        pool.push(one);
        if (pool.length <= poolSize) continue;
        const drawn = draw();
        if (drawn) yield movedTo(drawn, arrivalMicros);
      } else {
        if (one.record.case === 'watermark') {
          const { watermarkMillis } = one.record.value;
          watermarks.set(one.output, watermarkMillis);
          yield* drawAll(
            arrivalMicros,
            ({ output, record }) =>
              output === one.output && record.value.minTimestampMillis < watermarkMillis,
          );
        }
        yield one;
      }
    }
    yield* drawAll(arrivalMicros, () => true);
  };
}

function isLate({ output, record }: ElementRecord, watermarks: Map<number, bigint>): boolean {
  const watermark = watermarks.get(output);
  return watermark !== undefined && record.value.minTimestampMillis < watermark;
}
