import type { CodeLens, Command } from 'vscode-languageserver';
import { commandIds } from '../protocol.js';
import type { SourceStatus } from '../session/sourceStatus.js';
import { hasState } from '../session/sourceStatus.js';
import type { SessionKind } from './sessions.js';
import { statusText } from './words.js';

/** What the lenses of a file depend on. */
export interface LensState {
  uri: string;
  statuses: SourceStatus[];
  /** The session of the file that runs in this process. */
  session?: SessionKind | undefined;
  /** Whether lenses may run the program. */
  trusted: boolean;
  /** Whether the program can be run by us at all: not in every language that is analysed. */
  canLaunch: boolean;
  /** Whether the client draws icons (`$(play)`) in titles. */
  showsIcons: boolean;
}

type LensKind = 'state' | 'record' | 'replay' | 'debug' | 'record again' | 'cancel' | 'stop';

/** What a lens needs to be resolved. */
export interface LensData {
  uri: string;
  pipeline: string;
  label: string;
  kind: LensKind;
}

/** First stage: which lenses stand above which source, without titles. */
export function codeLenses(state: LensState): CodeLens[] {
  return state.statuses.flatMap((status) => {
    const { source, pipeline, label } = status;
    if (!source || !hasState(status)) return [];
    const { start } = source.range;
    return lensKinds(status, state).map((kind) => {
      const data: LensData = { uri: state.uri, pipeline, label, kind };
      return { range: { start, end: start }, data };
    });
  });
}

/** Second stage: the title and command of a lens, by the state things are in now. */
export function resolveCodeLens(lens: CodeLens, state: LensState): CodeLens {
  const { pipeline, label, kind } = lens.data as LensData;
  const status = state.statuses.find((one) => one.pipeline === pipeline && one.label === label);
  const command = lensCommand(kind, status, state);
  const title = state.showsIcons ? command.title : command.title.replace(/\$\([\w~-]+\) ?/g, '');
  return { ...lens, command: { ...command, title } };
}

function lensKinds(
  status: SourceStatus,
  { session, trusted, canLaunch, showsIcons }: LensState,
): LensKind[] {
  if (isBeingRecorded(status, session)) return ['state', 'cancel'];
  const idle = trusted && canLaunch && session === undefined;
  const kinds: LensKind[] = [];
  // Debuggers are the editor's own: only our client attaches them.
  const debug: LensKind[] = showsIcons ? ['debug'] : [];
  if (status.state !== 'none' || !canLaunch) kinds.push('state');
  if (session === 'replay') kinds.push('stop');
  if (!idle) return kinds;
  switch (status.state) {
    case 'none':
    case 'failed':
      return [...kinds, 'record'];
    case 'valid':
    case 'damaged':
      return [...kinds, 'replay', ...debug, 'record again'];
    case 'stale':
      return [...kinds, 'record again'];
    case 'recording':
    case 'removed':
      return kinds;
  }
}

/** A job writes its recording, or one that will is being started. */
function isBeingRecorded({ state }: SourceStatus, session: SessionKind | undefined): boolean {
  return (
    state === 'recording' ||
    session === 'record again' ||
    (session === 'record' && state !== 'valid')
  );
}

function lensCommand(
  kind: LensKind,
  status: SourceStatus | undefined,
  { uri, session }: LensState,
): Command {
  switch (kind) {
    case 'state':
      return command(stateTitle(status, session), commandIds.showStatus);
    case 'record':
      return command('$(record) Record sources', commandIds.recordSources);
    case 'replay':
      return command('$(play) Replay', commandIds.replay);
    case 'debug':
      return command('$(debug-alt) Debug', commandIds.debugReplay);
    case 'record again':
      return command(
        '$(refresh) Record again',
        // What else is valid in the file stays when only this source changed.
        status?.state === 'stale' ? commandIds.recordSources : commandIds.recordSourcesAgain,
      );
    case 'cancel':
      return command('Cancel', commandIds.cancelRecording);
    case 'stop':
      return command('$(debug-stop) Stop test stream', commandIds.stopTestStream);
  }

  function command(title: string, id: string): Command {
    return { title, command: id, arguments: [uri] };
  }
}

function stateTitle(status: SourceStatus | undefined, session: SessionKind | undefined): string {
  if (!status) return 'Not recorded';
  if (isBeingRecorded(status, session)) return '$(sync~spin) Recording…';
  const text = statusText(status);
  switch (status.state) {
    case 'valid':
      return `$(check) ${text}`;
    case 'stale':
    case 'damaged':
      return `$(warning) ${text}`;
    case 'failed':
      return `$(error) ${text}`;
    case 'none':
    case 'recording':
    case 'removed':
      return text;
  }
}
