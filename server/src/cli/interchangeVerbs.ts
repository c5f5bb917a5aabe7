import type { Command } from 'commander';
import { Option } from 'commander';
import { testFormats } from '../exportedTests/testFormats.js';
import { parseElementsSpan } from '../exportedTests/selection.js';
import { exportFormats } from '../interchange/exportRecording.js';
import { parseEventTimeSpan, parseProcessingTimeSpan } from '../replay/whatIf/parseSpan.js';
import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import type { ExportFlags } from './export.js';
import { exportVerb } from './export.js';
import type { ImportFlags } from './import.js';
import { importVerb } from './import.js';
import { examples, jsonOption, sourcesOption, spanOption, storeOption } from './options.js';

/** Adds the verbs that take recordings out of a store and into one. */
export function addInterchangeVerbs(
  program: Command,
  context: CliContext,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('export')
    .summary('write a recording as another format, or as a test')
    .description(
      'Write the recording of a source of FILE as JSON Lines, CSV, Parquet or a cache of Interactive Beam, or the recordings of its sources as a test of your own suite.',
    )
    .argument('[FILE]', 'pipeline file; not needed with --recording')
    .addOption(storeOption())
    .addOption(sourcesOption())
    .addOption(new Option('--recording <recording>', 'id or name of the recording to write'))
    .addOption(
      new Option(
        '--format <format>',
        'what to write (default: by the ending of OUT, else jsonl)',
      ).choices(exportFormats),
    )
    .addOption(
      new Option('--as <test>', 'write a test that runs in your own suite').choices(testFormats),
    )
    .addOption(
      spanOption('event-time', 'with --as: only elements of this event time', parseEventTimeSpan),
    )
    .addOption(
      spanOption(
        'processing-time',
        'with --as: only what arrived then, since the first',
        parseProcessingTimeSpan,
      ),
    )
    .addOption(
      spanOption(
        'elements',
        'with --as: only these elements, as they arrived, from 1',
        parseElementsSpan,
      ),
    )
    .addOption(new Option('-o, --output <out>', 'file to write (default: stdout)'))
    .addOption(new Option('--force', 'replace OUT if it exists'))
    .addHelpText(
      'after',
      examples([
        'beam-rewind export clicks.py -o clicks.jsonl',
        'beam-rewind export clicks.py --source Clicks --format csv | head',
        'beam-rewind export --recording rush-hour -o clicks.parquet',
        'beam-rewind export clicks.py --as python-pytest --elements ..100 -o test_clicks.py',
      ]),
    )
    .action(async (file: string | undefined, flags: ExportFlags) => {
      finish(await exportVerb(context, file, flags));
    });

  program
    .command('import')
    .summary('make a recording of an exported file')
    .description(
      'Make a recording of JSON Lines that export wrote, or of a cache file of Interactive Beam.',
    )
    .argument('<IN>', 'file to read')
    .addOption(storeOption())
    .addOption(new Option('--file <file>', 'pipeline file that replays it').makeOptionMandatory())
    .addOption(new Option('--source <label>', 'its source, if it has several'))
    .addOption(
      new Option('--format <format>', 'what IN is (default: told by its first byte)').choices([
        'jsonl',
        'interactive-beam',
      ]),
    )
    .addOption(jsonOption('one JSON document'))
    .addHelpText(
      'after',
      examples([
        'beam-rewind import clicks.jsonl --file clicks.py',
        'beam-rewind import cache/full/clicks-0-0-0 --file clicks.py --source Clicks',
      ]),
    )
    .action(async (input: string, flags: ImportFlags) => {
      finish(await importVerb(context, input, flags));
    });
}
