import type { PaneInfo } from '../../beam/coders/beamValue.js';
import { MAX_TIMESTAMP_MILLIS, MIN_TIMESTAMP_MILLIS } from '../../beam/urns.js';
import { ImportError } from '../importError.js';
import { noFiringPane } from '../windowedElements.js';

/** Reads the members of one line of JSON. What is missing or of the wrong type is an ImportError that names the line. */
export class LineReader {
  readonly #json: Record<string, unknown>;

  /** @param line counted from 1 */
  constructor(
    text: string,
    readonly line: number,
  ) {
    this.#json = parse(text, line);
  }

  error(reason: string): ImportError {
    return new ImportError(reason, this.line);
  }

  member(name: string): unknown {
    return this.#json[name];
  }

  text(name: string): string {
    const value = this.#json[name];
    if (typeof value !== 'string') throw this.error(`"${name}" is not a text`);
    return value;
  }

  optionalText(name: string): string | undefined {
    return this.#json[name] === undefined ? undefined : this.text(name);
  }

  object(name: string): Record<string, unknown> {
    const value = this.#json[name];
    if (!isObject(value)) throw this.error(`"${name}" is not an object`);
    return value;
  }

  /** Processing time, µs since the epoch. */
  micros(name: string): bigint {
    const value = this.#json[name];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw this.error(`"${name}" is not a number of microseconds since 1970`);
    }
    return BigInt(value);
  }

  /** A time of Beam's, ms since the epoch; digits beyond ±2^53. */
  millis(name: string): bigint {
    const value = integerOf(this.#json[name]);
    if (value === undefined || value < MIN_TIMESTAMP_MILLIS || value > MAX_TIMESTAMP_MILLIS) {
      throw this.error(`"${name}" is not a time in milliseconds since 1970`);
    }
    return value;
  }

  pane(): PaneInfo {
    const pane = this.#json['pane'];
    if (pane === undefined) return noFiringPane;
    const { isFirst, isLast, timing, ...indices }: Record<string, unknown> = isObject(pane)
      ? pane
      : {};
    const [index, onTimeIndex] = [integerOf(indices['index']), integerOf(indices['onTimeIndex'])];
    if (
      typeof isFirst !== 'boolean' ||
      typeof isLast !== 'boolean' ||
      !isTiming(timing) ||
      index === undefined ||
      onTimeIndex === undefined
    ) {
      throw this.error(
        '"pane" needs isFirst, isLast, timing (EARLY, ON_TIME, LATE, UNKNOWN), index and onTimeIndex',
      );
    }
    return { kind: 'pane', isFirst, isLast, timing, index, onTimeIndex };
  }
}

function parse(text: string, line: number): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ImportError(`not JSON: ${error instanceof Error ? error.message : ''}`, line);
  }
  if (!isObject(json)) throw new ImportError('not a JSON object', line);
  return json;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTiming(value: unknown): value is PaneInfo['timing'] {
  return ['EARLY', 'ON_TIME', 'LATE', 'UNKNOWN'].includes(value as string);
}

function integerOf(value: unknown): bigint | undefined {
  if (Number.isSafeInteger(value)) return BigInt(value as number);
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}
