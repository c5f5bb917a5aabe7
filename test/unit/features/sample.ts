import { createHash } from 'node:crypto';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { LanguageAnalyzer } from '../../../server/src/language/language.js';
import type {
  PipelineFile,
  PipelineSource,
  TextRange,
} from '../../../server/src/language/source.js';
import type { Recording } from '../../../server/src/recording/recording.js';

/** A range from `line:character` to `line:character`. */
export function range(from: string, to: string): TextRange {
  const [start, end] = [from, to].map((text) => {
    const [line, character] = text.split(':').map(Number);
    return { line: line!, character: character! };
  });
  return { start: start!, end: end! };
}

/** An unbounded source on one line of its own, with its arguments as they are written. */
export function sourceOf(label: string, argumentsText: string, line: number): PipelineSource {
  const text = `${label}: ${argumentsText}`;
  const whole = range(`${line}:0`, `${line}:${text.length}`);
  const pairs = argumentsText.split(',').map((pair) => pair.trim().split('='));
  return {
    pipeline: 'p',
    label,
    transformName: 'PeriodicImpulse',
    bounded: argumentsText.includes('stop='),
    boundedReason: '',
    range: whole,
    statement: whole,
    signature: {
      version: 3,
      sdk: 'python',
      hash: createHash('sha256').update(text).digest('hex'),
      transform: 'apache_beam.transforms.periodicsequence.PeriodicImpulse',
      label,
      arguments: Object.fromEntries(pairs) as Record<string, string>,
      definitions: {},
    },
  };
}

/**
 * A language for tests: a line `Label: name=value, …` is a source, a line with a `?` does not parse.
 */
export function analyzeSample(text: string): PipelineFile {
  const file: PipelineFile = { sources: [], syntaxErrors: [] };
  text.split('\n').forEach((content, line) => {
    const match = /^(\w+): (.+)$/.exec(content);
    if (content.includes('?'))
      file.syntaxErrors.push(range(`${line}:0`, `${line}:${content.length}`));
    else if (match) file.sources.push(sourceOf(match[1]!, match[2]!, line));
  });
  return file;
}

/** That language, as the server asks for it. */
export const sampleAnalyzer: LanguageAnalyzer = {
  languageIds: ['python'],
  extensions: ['.py'],
  open(text) {
    let document = TextDocument.create('file:///sample', 'python', 1, text);
    return Promise.resolve({
      edit(changes) {
        TextDocument.update(document, [...changes], document.version + 1);
      },
      update(replacement) {
        document = TextDocument.create('file:///sample', 'python', 1, replacement);
      },
      text: () => document.getText(),
      file: () => analyzeSample(document.getText()),
      dispose: () => undefined,
    });
  },
};

/** A recording of a source that ended at its duration limit. */
export function recordingOf(source: PipelineSource, file = '/project/clicks.py'): Recording {
  return {
    formatVersion: 2,
    id: `20260101T000000-${source.label}`,
    file,
    pipeline: source.pipeline,
    label: source.label,
    uniqueName: source.label,
    signature: source.signature,
    coder: 'beam:coder:bytes:v1',
    limits: { durationMs: 60_000, maxBytes: 1e9, maxElements: Infinity },
    startedAt: 1_000_000,
    endedAt: 1_060_000,
    endReason: 'duration limit',
    elements: 1240,
    bytes: 58_000,
  };
}
