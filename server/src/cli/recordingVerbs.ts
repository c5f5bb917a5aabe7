import type { Command } from 'commander';
import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import type { StoreFlags } from './options.js';
import { examples, jsonOption, storeOption } from './options.js';
import { acceptRename } from './acceptRename.js';
import type { RecordingChange } from './recordings.js';
import { changeRecordings, recordings } from './recordings.js';
import { verify } from './verify.js';

type Finish = (code: ExitCode) => void;

/** Adds the verbs that list and change single recordings. */
export function addRecordingVerbs(
  program: Command,
  context: CliContext,
  programArgs: string[],
  finish: Finish,
): void {
  const { session } = context;
  program
    .command('recordings')
    .summary('list recordings')
    .description('List the recordings of FILE, or of the store, oldest first.')
    .argument('[FILE]', 'pipeline file')
    .addOption(storeOption())
    .addOption(jsonOption('one JSON document'))
    .addHelpText('after', examples(['beam-rewind recordings', 'beam-rewind recordings clicks.py']))
    .action(async (file: string | undefined, flags: StoreFlags) => {
      finish(await recordings(context, file, flags));
    });
  program
    .command('verify')
    .summary('read recordings whole and say which are damaged')
    .description('Read the recordings of FILE, or of the store, whole, and say which are damaged.')
    .argument('[FILE]', 'pipeline file')
    .addOption(storeOption())
    .addOption(jsonOption('one JSON document'))
    .addHelpText('after', examples(['beam-rewind verify', 'beam-rewind verify clicks.py']))
    .action(async (file: string | undefined, flags: StoreFlags) => {
      finish(await verify(context, file, flags));
    });

  const add = (name: string, summary: string, description: string, example: string): Command =>
    program
      .command(name)
      .summary(summary)
      .description(description)
      .argument('<RECORDING>', 'id or name of a recording, or the beginning of an id')
      .addOption(storeOption())
      .addOption(jsonOption('one JSON document'))
      .addHelpText('after', examples([`beam-rewind ${name} ${example}`]));
  const change = async (reference: string, flags: StoreFlags, made: RecordingChange) => {
    finish(await changeRecordings(context, reference, flags, made));
  };

  add(
    'pin',
    'keep a recording',
    'Keep a recording until it is unpinned or deleted, however many follow it.',
    '20250301T125600',
  ).action(async (reference: string, flags: StoreFlags) => {
    await change(reference, flags, {
      done: 'Pinned',
      change: (store, id) => session.pinRecordings(store, id, true),
    });
  });
  add(
    'unpin',
    'let retention remove a recording',
    'Let a pinned recording be removed when newer ones take its place.',
    '20250301T125600',
  ).action(async (reference: string, flags: StoreFlags) => {
    await change(reference, flags, {
      done: 'Unpinned',
      change: (store, id) => session.pinRecordings(store, id, false),
    });
  });
  add(
    'name',
    'name a recording',
    'Name a recording, for replay --recording. An empty NAME takes its name away.',
    '20250301T125600 rush-hour',
  )
    .argument('<NAME>', 'what it is called from now on')
    .action(async (reference: string, name: string, flags: StoreFlags) => {
      await change(reference, flags, {
        done: name === '' ? 'Took the name of' : 'Named',
        change: (store, id) => session.nameRecordings(store, id, name),
      });
    });
  add(
    'note',
    'say something of a recording',
    'Keep a note with a recording. An empty TEXT takes its note away.',
    '20250301T125600 "with the late events of March"',
  )
    .argument('<TEXT>', 'the note')
    .action(async (reference: string, text: string, flags: StoreFlags) => {
      await change(reference, flags, {
        done: text === '' ? 'Took the note of' : 'Noted',
        change: (store, id) => session.noteRecordings(store, id, text),
      });
    });
  add(
    'delete',
    'delete a recording',
    'Delete one recording, pinned or not. beam-rewind clear deletes all of a file.',
    '20250301T125600',
  ).action(async (reference: string, flags: StoreFlags) => {
    await change(reference, flags, {
      done: 'Deleted',
      change: (store, id) => session.deleteRecordings(store, id),
    });
  });

  program
    .command('accept-rename')
    .summary('keep the recording of a renamed source')
    .description('Let recordings of FILE serve sources that differ from theirs in the label alone.')
    .usage('[options] <FILE> [-- ARGS]')
    .argument('<FILE>', 'pipeline file')
    .addOption(storeOption())
    .addOption(jsonOption('one JSON document'))
    .addHelpText('after', examples(['beam-rewind accept-rename clicks.py']))
    .action(async (file: string, flags: StoreFlags) => {
      finish(await acceptRename(context, file, flags, programArgs));
    });
}
