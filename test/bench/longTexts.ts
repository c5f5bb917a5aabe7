import { readFile } from 'node:fs/promises';
import { sampleFile } from './languageServer/sampleFile.js';

/** Texts of each language as long as they are asked for: a pipeline, and behind it what is none of it. */
export const longTexts: Record<string, (lines: number) => Promise<string>> = {
  python: sampleFile,

  async java(lines) {
    const example = await readFile('test/fixtures/java/Resolution.java', 'utf8');
    const classes = example.trimEnd().replace(/\}$/, '');
    const method = (index: number): string => `
  static int filler${index}(Map<String, Integer> x) {
    if (x.containsKey("a")) {
      return x.get("a") + ${index};
    }
    return x.values().stream().map(v -> v + 1).reduce(0, Integer::sum);
  }`;
    return `${filled(classes, method, lines - 2)}\n}\n`;
  },

  async go(lines) {
    const example = await readFile('test/fixtures/go/user_defined.go', 'utf8');
    const text = (index: number): string =>
      `\nfunc filler${index}(x int) int {\n\treturn x + ${index}\n}\n`;
    return filled(example, text, lines);
  },

  async typescript(lines) {
    const example = await readFile('test/fixtures/typescript/user_defined.ts', 'utf8');
    const text = (index: number): string =>
      `\nfunction filler${index}(x: number) {\n  return x + ${index};\n}\n`;
    return filled(example, text, lines);
  },

  yaml(lines) {
    const head = `pipeline:
  type: chain
  transforms:
    - type: ReadFromKafka
      name: Clicks
      config:
        topic: clicks
        bootstrap_servers: localhost:9092
        format: RAW`;
    const transform = (index: number): string => `
    - type: MapToFields
      name: Step ${index}
      config:
        language: python
        fields:
          value_${index}: value + ${index}`;
    return Promise.resolve(`${filled(head, transform, lines)}\n`);
  },
};

/** A text and as many whole pieces behind it as there is room for. */
function filled(text: string, piece: (index: number) => string, lines: number): string {
  const parts = [text];
  let length = text.split('\n').length;
  for (let index = 0; ; index++) {
    const part = piece(index);
    length += part.split('\n').length - 1;
    if (length > lines) return parts.join('');
    parts.push(part);
  }
}
