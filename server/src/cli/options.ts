import { InvalidArgumentError, Option } from 'commander';
import { pythonDirect } from '../beam/backends/pythonDirect.js';
import {
  defaultLimits,
  formatCount,
  parseCount,
  parseDuration,
  parseSize,
} from '../recording/parseLimits.js';
import type { PlaceInRecording } from '../recording/readFromPlace.js';
import type { SourceLimits } from '../recording/sourceLimits.js';
import { parseSourceLimits } from '../recording/sourceLimits.js';
import { defaultWatermarkResolutionMs } from '../recording/watermarkDoFn.js';
import type { Span } from '../replay/whatIf/cut.js';
import type { WhatIf } from '../replay/whatIf/parseWhatIf.js';
import { parseTime } from '../replay/whatIf/parseSpan.js';
import { parseWhatIf } from '../replay/whatIf/parseWhatIf.js';
import { defaultRetention } from '../session/retention.js';
import { messageOf } from './exitCode.js';

/** The greatest seed of a what-if replay. */
export const maxSeed = 2 ** 31 - 1;

/** Flags of every verb. */
export interface OutputFlags {
  json?: true;
}

export interface StoreFlags extends OutputFlags {
  store?: string;
}

/** Flags of the verbs that run the user's program. */
export interface LaunchFlags extends StoreFlags {
  backend: string;
  prism?: string;
  recordableSources: string[];
  python?: string;
  verbose?: true;
}

export interface RecordFlags extends LaunchFlags {
  duration: number;
  maxSize: number;
  maxElements: number;
  limit: SourceLimits[];
  maxStore?: number;
  keep: number;
  together?: true;
  /** Milliseconds. */
  watermarkResolution: number;
  name?: string;
  redact?: string;
  force?: true;
}

/** Flags of `run`, which records what needs it. */
export interface RunFlags extends Omit<RecordFlags, 'force'> {
  recordingReplay: boolean;
}

export interface ReplayFlags extends LaunchFlags {
  recording: string[];
  whatIf: WhatIf[];
  seed?: number;
  expect?: string;
  update?: true;
  output: string[];
  debug?: true;
  debugPort?: number;
}

export interface CheckFlags extends LaunchFlags {
  recording: string[];
  seeds: number;
  output: string[];
}

export interface ShowFlags extends StoreFlags {
  source?: string;
  from?: PlaceInRecording;
  limit: number;
}

export interface ServeFlags extends StoreFlags {
  /** Milliseconds. */
  idleTimeout?: number;
}

/** Flag `--json`. @param document what is written */
export function jsonOption(document: string): Option {
  return new Option('--json', `write ${document}`);
}

export function storeOption(): Option {
  return new Option(
    '--store <dir>',
    'folder of the recordings (default: .beam-rewind at the top of the project)',
  );
}

export function launchOptions(): Option[] {
  return [
    storeOption(),
    new Option(
      '--backend <runner>',
      'prism, python-direct, or host:port of the job endpoint of another runner',
    )
      .default('prism', 'prism')
      .argParser(backend),
    new Option('--prism <path>', 'Prism binary to use (default: found or obtained)'),
    new Option(
      '--recordable-sources <patterns>',
      'bounded sources to record and replay too: names of transforms, comma-separated, * for any text',
    )
      .default([], 'none')
      .argParser(patterns),
    new Option('--python <path>', "Python interpreter to use (default: the workspace's)"),
    new Option('--verbose', 'also show messages of level info and job states'),
  ];
}

export function whatIfOptions(): Option[] {
  return [
    new Option('--what-if <change>', 'replay the recording changed; may be repeated')
      .default([], 'the recording as it is')
      .argParser(repeated(parseWhatIf)),
    seedOption(),
  ];
}

export function expectOptions(): Option[] {
  return [
    new Option(
      '--expect <file>',
      'fail unless the program prints, or --output tells, the lines of this file, in any order',
    ),
    new Option('--update', 'write that file instead'),
    outputOption(),
  ];
}

export function debugOptions(): Option[] {
  return [
    new Option('--debug', 'start the program under its debugger, and wait for you to attach'),
    new Option('--debug-port <port>', 'port of 127.0.0.1 for that (default: any)').argParser(
      parsed(parsePort),
    ),
  ];
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`"${text}" is not a port.`);
}

/** Of the verbs that compare. */
export function outputOption(): Option {
  return new Option(
    '--output <label>',
    'compare what the transform of this label puts out, not what is printed; * for any text: what nothing reads; may be repeated',
  )
    .default([], 'what is printed')
    .argParser(repeated((text) => text));
}

export function seedsOption(): Option {
  return new Option('--seeds <n>', 'try so many other orders')
    .default(10, '10')
    .argParser(parsed(parseCount));
}

function seedOption(): Option {
  return new Option(
    '--seed <n>',
    'decides what chance decides in a change (default: another each time)',
  ).argParser(parsed(parseSeed));
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= maxSeed) return seed;
  throw new Error(`"${text}" is not a whole number from 0 to ${maxSeed}.`);
}

export function recordOptions(): Option[] {
  return [
    new Option('--duration <time>', 'stop after this time')
      .default(defaultLimits.durationMs, '60s')
      .argParser(parsed(parseDuration)),
    new Option('--max-size <size>', 'stop when the recording of a source is this large')
      .default(defaultLimits.maxBytes, '1GB')
      .argParser(parsed(parseSize)),
    new Option('--max-elements <n>', 'stop when the recording of a source has so many elements')
      .default(defaultLimits.maxElements, 'no limit')
      .argParser(parsed(parseCount)),
    new Option(
      '--limit <LABEL:LIMIT=VALUE>',
      'other limits for the sources of a label: elements, size and duration; may be repeated',
    )
      .default([], 'the same for all')
      .argParser(repeated(parseSourceLimits)),
    new Option('--max-store <size>', 'stop when all recordings together are this large').argParser(
      parsed(parseSize),
    ),
    new Option('--keep <n>', 'keep so many recordings of each source, and pinned ones')
      .default(defaultRetention, String(defaultRetention))
      .argParser(parsed(parseCount)),
    new Option('--together', 'record all sources if one needs it, and end all at the first limit'),
    new Option('--watermark-resolution <time>', 'event time between two recorded watermarks')
      .default(defaultWatermarkResolutionMs, '1s')
      .argParser(parsed(parseDuration)),
    new Option('--name <name>', 'what the recordings are called'),
    new Option(
      '--redact <file>',
      'JSON file of rules that take secrets out before anything is written',
    ),
  ];
}

export function forceOption(): Option {
  return new Option(
    '--force',
    'record although nothing seems to need it: a recording is valid, or the text shows no unbounded source',
  );
}

export function recordingReplayOption(): Option {
  return new Option('--no-recording-replay', 'record anew although recordings are valid');
}

export function recordingOption(): Option {
  return new Option(
    '--recording <recording>',
    'replay the recordings of this name or id, not the latest; may be repeated',
  )
    .default([], 'the latest valid one')
    .argParser(repeated((text) => text));
}

export function sourcesOption(): Option {
  return new Option(
    '--source <label>',
    'the source, if several are recorded; with --as may be repeated',
  )
    .default([], 'all that are recorded')
    .argParser(repeated((text) => text));
}

/** Flag of a span such as `10s..40s`. */
export function spanOption(name: string, help: string, parse: (text: string) => Span): Option {
  return new Option(`--${name} <from..to>`, help).argParser(
    parsed((text) => {
      try {
        return parse(text);
      } catch (error) {
        throw new Error(`"${text}" cannot be read: ${messageOf(error)}.`);
      }
    }),
  );
}

const shownByDefault = 20;

export function showOptions(): Option[] {
  return [
    storeOption(),
    new Option('--source <label>', 'only the source with this label'),
    new Option(
      '--from <place>',
      'begin at an element by its number from 0 (5000), at an event time (2025-03-01T12:00Z), or so long after the first arrival (30s)',
    ).argParser(parsed(placeInRecording)),
    new Option('--limit <n>', 'show at most so many elements')
      .default(shownByDefault, formatCount(shownByDefault))
      .argParser(parsed(parseCount)),
  ];
}

function placeInRecording(text: string): PlaceInRecording {
  try {
    if (/^\d+$/.test(text)) return { element: Number(text) };
    if (/^\d+(?:\.\d+)?[kKM]$/.test(text)) return { element: parseCount(text) };
    return /^\d{4}-/.test(text)
      ? { eventTime: parseTime(text) }
      : { passedMs: parseDuration(text) };
  } catch (error) {
    throw new Error(
      `"${text}" is no place in a recording (${messageOf(error)}): it is the number of an element such as 5000, an event time such as 2025-03-01T12:00Z, or a time since the first arrival such as 30s.`,
    );
  }
}

export function serveOptions(): Option[] {
  return [
    storeOption(),
    new Option('--idle-timeout <time>', 'stop when nobody was connected for this time').argParser(
      parsed(parseDuration),
    ),
  ];
}

function parsed<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(messageOf(error));
    }
  };
}

function patterns(text: string): string[] {
  return text
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
}

/** A flag that may be given several times. */
function repeated<T>(parse: (text: string) => T): (text: string, before: T[]) => T[] {
  return (text, before) => [...before, parsed(parse)(text)];
}

/** Examples below the help of a verb. */
export function examples(lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
}

function backend(text: string): string {
  const port = Number(/^(?:[\w.-]+|\[[\da-f:.]+\]):(\d+)$/i.exec(text)?.[1]);
  const isKnown = text === 'prism' || text === pythonDirect;
  if (!isKnown && !(port >= 1 && port <= 65_535))
    throw new InvalidArgumentError(`Examples: prism, ${pythonDirect}, localhost:8099.`);
  return text;
}
