import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { exitCode } from '../../../server/src/cli/exitCode.js';
import { createProgram } from '../../../server/src/cli/program.js';
import { fakeContext } from './harness.js';

const text = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
const sections = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split('\n', 1)[0] ?? '', section]),
);
const program = createProgram(fakeContext({}, '/').context, [], () => undefined);

/** First cells of the rows of a table of flags, e.g. `--store DIR`. */
function documentedFlags(section: string): string[] {
  return [...section.matchAll(/^\| `(-[^`]+)`/gm)].map((match) => match[1] ?? '');
}

describe('docs/cli.md', () => {
  it('has a section for each verb and no other', () => {
    assert.deepEqual(
      [...sections.keys()],
      ['Exit codes', ...program.commands.map((command) => command.name())],
    );
  });

  it('lists the verbs with their arguments', () => {
    const listed = [...text.matchAll(/^\| \[`([^`]+)`\]\(#([\w-]+)\)/gm)].map((match) => match[1]);
    const own = program.commands.map((command) =>
      [
        command.name(),
        ...command.registeredArguments.map((argument) =>
          argument.required ? argument.name() : `[${argument.name()}]`,
        ),
        ...(command.usage().includes('-- ARGS') ? ['[-- ARGS]'] : []),
      ].join(' '),
    );
    assert.deepEqual(listed, own);
  });

  for (const command of program.commands)
    it(`lists the flags of ${command.name()} in their order`, () => {
      assert.deepEqual(
        documentedFlags(sections.get(command.name()) ?? ''),
        command.options.map(({ flags }) =>
          flags.replace(/<(.*)>/, (_, name: string) => name.toUpperCase()),
        ),
      );
    });

  for (const command of program.commands)
    it(`tells the defaults of ${command.name()}`, () => {
      for (const { long, defaultValueDescription } of command.options) {
        if (defaultValueDescription === undefined) continue;
        const row = sections.get(command.name())?.match(new RegExp(`^\\| \`${long}.*$`, 'm'))?.[0];
        assert.equal(row?.split('|')[2]?.replaceAll('`', '').trim(), defaultValueDescription);
      }
    });

  it('lists the exit codes', () => {
    const codes = [...(sections.get('Exit codes') ?? '').matchAll(/^\| +(\d+) \|/gm)];
    assert.deepEqual(
      codes.map((match) => Number(match[1])),
      Object.values(exitCode),
    );
  });
});
