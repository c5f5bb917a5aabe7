import { Command, CommanderError } from 'commander';
import { cancel } from './cancel.js';
import { check } from './check.js';
import { clear } from './clear.js';
import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { CliError, exitCode, messageOf } from './exitCode.js';
import type {
  CheckFlags,
  OutputFlags,
  RecordFlags,
  ReplayFlags,
  RunFlags,
  ServeFlags,
  ShowFlags,
  StoreFlags,
} from './options.js';
import {
  debugOptions,
  examples,
  expectOptions,
  forceOption,
  jsonOption,
  launchOptions,
  outputOption,
  recordingOption,
  recordingReplayOption,
  recordOptions,
  seedsOption,
  serveOptions,
  showOptions,
  storeOption,
  whatIfOptions,
} from './options.js';
import { record } from './record.js';
import { addInterchangeVerbs } from './interchangeVerbs.js';
import { addRecordingVerbs } from './recordingVerbs.js';
import { replay } from './replay.js';
import { writeError, writeHint } from './report.js';
import { run } from './run.js';
import { serve } from './serve.js';
import { show } from './show.js';
import { sources } from './sources.js';
import { status } from './status.js';

/** Verbs that run the user's program, or tell what it would read: what follows `--` is for that. */
const runningVerbs = ['record', 'replay', 'check', 'run', 'status', 'sources', 'accept-rename'];

/** Runs one command line (without node and script) and returns its exit code. Never throws. */
export async function runCli(argv: string[], context: CliContext): Promise<ExitCode> {
  const { own, programArgs } = splitArguments(argv);
  let code: ExitCode = exitCode.done;
  const program = createProgram(context, programArgs, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(own, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return afterCommanderError(context, program, own, error);
    if (error instanceof CliError) {
      writeError(context, error.message, error.hint);
      return error.exitCode;
    }
    writeError(context, messageOf(error));
    return exitCode.failed;
  }
}

/**
 * The verbs and their flags.
 * @param finish called with the exit code of the verb that ran
 */
export function createProgram(
  context: CliContext,
  programArgs: string[],
  finish: (code: ExitCode) => void,
): Command {
  const program = new Command('beam-rewind')
    .description(
      'Record the unbounded sources of an Apache Beam pipeline once, replay them as often as you like.',
    )
    .version(context.version, '--version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      getOutHelpWidth: () => context.stdout.columns ?? 80,
      getErrHelpWidth: () => context.stderr.columns ?? 80,
    })
    .exitOverride()
    .addHelpText(
      'after',
      examples([
        'beam-rewind sources clicks.py',
        'beam-rewind record clicks.py --duration 5m -- --input_topic clicks',
        'beam-rewind replay clicks.py --debug',
        'beam-rewind replay clicks.py -- --input_topic clicks',
        'beam-rewind status',
      ]),
    );

  program
    .command('sources')
    .summary('list the sources found in a file')
    .description(
      'List the sources found in the text of FILE. Nothing is run. Options of your program are as the arguments after -- say.',
    )
    .usage('[options] <FILE> [-- ARGS]')
    .argument('<FILE>', 'pipeline file')
    .addOption(jsonOption('one JSON document'))
    .addHelpText('after', examples(['beam-rewind sources clicks.py']))
    .action(async (file: string, flags: OutputFlags) => {
      finish(await sources(context, file, flags, programArgs));
    });

  const recordCommand = program
    .command('record')
    .summary('record the unbounded sources of a pipeline')
    .description(
      'Run FILE far enough to record its unbounded sources, until a limit is reached or Ctrl-C. A valid recording is kept. Arguments after -- go to your program.',
    )
    .usage('[options] <FILE> [-- ARGS]')
    .argument('<FILE>', 'pipeline file');
  for (const option of [...recordOptions(), forceOption(), ...launchOptions()])
    recordCommand.addOption(option);
  recordCommand
    .addOption(jsonOption('JSON lines, one for each event'))
    .addHelpText(
      'after',
      examples([
        'beam-rewind record clicks.py',
        'beam-rewind record clicks.py --duration 5m --max-elements 10k',
        'beam-rewind record clicks.py --backend localhost:8099 -- --input_topic clicks',
      ]),
    )
    .action(async (file: string, flags: RecordFlags) => {
      finish(await record(context, file, flags, programArgs));
    });

  const replayCommand = program
    .command('replay')
    .summary('run a pipeline on its recording')
    .description(
      'Run FILE on its recording instead of its sources. The output of your program passes through. Arguments after -- go to it.',
    )
    .usage('[options] <FILE> [-- ARGS]')
    .argument('<FILE>', 'pipeline file');
  for (const option of [
    recordingOption(),
    ...whatIfOptions(),
    ...expectOptions(),
    ...debugOptions(),
    ...launchOptions(),
  ])
    replayCommand.addOption(option);
  replayCommand
    .addOption(jsonOption('JSON lines, one for each event'))
    .addHelpText(
      'after',
      examples([
        'beam-rewind replay clicks.py',
        'beam-rewind replay clicks.py --recording rush-hour',
        'beam-rewind replay clicks.py --expect clicks.expected',
        'beam-rewind replay clicks.py --what-if shuffle --what-if drop:5% --seed 7',
        'beam-rewind replay clicks.py --debug',
        'beam-rewind replay clicks.py -- --input_topic clicks',
      ]),
    )
    .action(async (file: string, flags: ReplayFlags) => {
      finish(await replay(context, file, flags, programArgs));
    });

  const checkCommand = program
    .command('check')
    .summary('find out whether the order of elements matters')
    .description(
      'Replay FILE in other orders of its elements, in which none becomes late, and compare what it prints. Arguments after -- go to your program.',
    )
    .usage('[options] <FILE> [-- ARGS]')
    .argument('<FILE>', 'pipeline file');
  for (const option of [recordingOption(), seedsOption(), outputOption(), ...launchOptions()])
    checkCommand.addOption(option);
  checkCommand
    .addOption(jsonOption('JSON lines, one for each event'))
    .addHelpText('after', examples(['beam-rewind check clicks.py --seeds 20']))
    .action(async (file: string, flags: CheckFlags) => {
      finish(await check(context, file, flags, programArgs));
    });

  const runCommand = program
    .command('run')
    .summary('record what needs it, then replay')
    .description(
      'Record the unbounded sources of FILE that have no valid recording, then run it on the recordings. Arguments after -- go to your program.',
    )
    .usage('[options] <FILE> [-- ARGS]')
    .argument('<FILE>', 'pipeline file');
  for (const option of [...recordOptions(), recordingReplayOption(), ...launchOptions()])
    runCommand.addOption(option);
  runCommand
    .addOption(jsonOption('JSON lines, one for each event'))
    .addHelpText('after', examples(['beam-rewind run clicks.py --duration 10s']))
    .action(async (file: string, flags: RunFlags) => {
      finish(await run(context, file, flags, programArgs));
    });

  program
    .command('status')
    .summary('show the state of recordings')
    .description(
      'Show the state of each source of FILE, or of all recorded files. Sources are what they are with the arguments after --.',
    )
    .usage('[options] [FILE] [-- ARGS]')
    .argument('[FILE]', 'pipeline file')
    .addOption(storeOption())
    .addOption(jsonOption('one JSON document'))
    .addHelpText('after', examples(['beam-rewind status', 'beam-rewind status clicks.py']))
    .action(async (file: string | undefined, flags: StoreFlags) => {
      finish(await status(context, file, flags, programArgs));
    });

  program
    .command('cancel')
    .summary('end a running recording')
    .description(
      'End the running recordings of FILE, whoever started them. What was recorded stays.',
    )
    .argument('<FILE>', 'pipeline file')
    .addOption(storeOption())
    .addOption(jsonOption('one JSON document'))
    .addHelpText('after', examples(['beam-rewind cancel clicks.py']))
    .action(async (file: string, flags: StoreFlags) => {
      finish(await cancel(context, file, flags));
    });

  program
    .command('clear')
    .summary('delete recordings')
    .description('Delete the recordings of FILE, or all recordings of the store.')
    .argument('[FILE]', 'pipeline file')
    .addOption(storeOption())
    .addOption(jsonOption('one JSON document'))
    .addHelpText('after', examples(['beam-rewind clear clicks.py', 'beam-rewind clear']))
    .action(async (file: string | undefined, flags: StoreFlags) => {
      finish(await clear(context, file, flags));
    });

  const showCommand = program
    .command('show')
    .summary('show recorded elements')
    .description(
      'Show the recorded elements of FILE, or of one RECORDING, with their event timestamps.',
    )
    .usage('[options] <FILE | RECORDING>')
    .argument('<FILE>', 'pipeline file, or id or name of a recording');
  for (const option of showOptions()) showCommand.addOption(option);
  showCommand
    .addOption(jsonOption('one JSON document'))
    .addHelpText(
      'after',
      examples([
        'beam-rewind show clicks.py',
        'beam-rewind show clicks.py --source Clicks --limit 100',
        'beam-rewind show clicks.py --from 2025-03-01T12:30Z',
        'beam-rewind show rush-hour',
      ]),
    )
    .action(async (file: string, flags: ShowFlags) => {
      finish(await show(context, file, flags));
    });

  const serveCommand = program
    .command('serve')
    .summary('serve a recording as a test stream')
    .description(
      'Serve the recordings of FILE as a test stream, by WebSocket and by gRPC, until Ctrl-C.',
    )
    .argument('<FILE>', 'pipeline file');
  for (const option of serveOptions()) serveCommand.addOption(option);
  serveCommand
    .addOption(jsonOption('JSON lines, one for each event'))
    .addHelpText(
      'after',
      examples([
        'beam-rewind serve clicks.py',
        'beam-rewind serve clicks.py --json --idle-timeout 10m',
      ]),
    )
    .action(async (file: string, flags: ServeFlags) => {
      finish(await serve(context, file, flags));
    });

  addRecordingVerbs(program, context, programArgs, finish);
  addInterchangeVerbs(program, context, finish);
  return program;
}

function splitArguments(argv: string[]): { own: string[]; programArgs: string[] } {
  const end = runningVerbs.includes(argv[0] ?? '') ? argv.indexOf('--') : -1;
  return end === -1
    ? { own: argv, programArgs: [] }
    : { own: argv.slice(0, end), programArgs: argv.slice(end + 1) };
}

/** Commander has written its message; this says what to do and which exit code it is. */
function afterCommanderError(
  context: CliContext,
  program: Command,
  own: string[],
  error: CommanderError,
): ExitCode {
  if (error.exitCode === 0) return exitCode.done;
  // Without a verb, commander has shown the help.
  if (error.code === 'commander.help') return exitCode.usage;
  const verb = program.commands.find((command) => command.name() === own[0])?.name();
  const isForProgram =
    error.code === 'commander.unknownOption' || error.code === 'commander.excessArguments';
  if (verb !== undefined && runningVerbs.includes(verb) && isForProgram)
    writeHint(context, `arguments of your program go after --: beam-rewind ${verb} FILE -- ARGS`);
  writeHint(context, `see beam-rewind ${verb === undefined ? '' : `${verb} `}--help`);
  return exitCode.usage;
}
