import type { CommandId, FileStateParams, SourceSummary } from '../../server/src/protocol.js';
import { commandIds } from '../../server/src/protocol.js';

/** What the status bar item shows, apart from how VS Code draws it. */
export interface StatusItem {
  text: string;
  /** Markdown with command links. */
  tooltip: string;
  isWarning: boolean;
}

/**
 * The status item for a file; undefined when it has no sources.
 * @param trusted whether programs may be run, and so be offered
 */
export function statusItemOf(state: FileStateParams, trusted: boolean): StatusItem | undefined {
  const { activity, activityText, sources } = state;
  if (sources.length === 0 && activity === 'idle') return undefined;
  const tooltip = tooltipOf(state, trusted);
  if (activity !== 'idle')
    return { text: `$(sync~spin) ${activityText}`, tooltip, isWarning: false };
  const worst = worstOf(sources);
  return { text: idleText(worst, sources), tooltip, isWarning: worst === 'failed' };
}

type State = SourceSummary['state'];

/** The state that speaks for the file. */
function worstOf(sources: SourceSummary[]): State {
  const order: State[] = ['failed', 'damaged', 'stale', 'recording', 'none', 'valid', 'removed'];
  return order.find((state) => sources.some((source) => source.state === state)) ?? 'none';
}

function idleText(worst: State, sources: SourceSummary[]): string {
  switch (worst) {
    case 'failed':
      return '$(error) Recording failed';
    case 'damaged':
      return '$(warning) Recording is damaged';
    case 'stale':
      return '$(warning) Recording is stale';
    case 'recording':
      return '$(sync~spin) Recording…';
    case 'none':
      return sources.some(({ state }) => state === 'valid')
        ? '$(record) Sources partly recorded'
        : '$(record) Sources not recorded';
    case 'valid': {
      const valid = sources.filter(({ state }) => state === 'valid');
      const [first] = valid;
      return valid.length === 1 && first
        ? `$(check) ${first.text}`
        : `$(check) ${valid.length} sources recorded`;
    }
    case 'removed':
      return '$(record) Recorded source removed';
  }
}

function tooltipOf(state: FileStateParams, trusted: boolean): string {
  const { activityText, sources, uri } = state;
  const paragraphs = ['**Beam Rewind**'];
  if (activityText) paragraphs.push(escapeMarkdown(activityText));
  paragraphs.push(
    ...sources.map((source) => escapeMarkdown(`${source.label}: ${sourceText(source)}`)),
  );
  const links = actionsOf(state, trusted).map(
    ([title, command]) =>
      `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([uri]))})`,
  );
  if (!trusted) paragraphs.push('Recording and replaying need a trusted workspace.');
  return [...paragraphs, links.join(' · ')].join('\n\n');
}

/** What can be done with a file now, as titles and commands. */
export function actionsOf(
  { activity, sources }: FileStateParams,
  trusted: boolean,
): [title: string, command: CommandId][] {
  const log: [string, CommandId][] = [
    ['Show Log', commandIds.showLog],
    ['Show Program Output', commandIds.showProgramOutput],
  ];
  switch (activity) {
    case 'recording':
      return [['Cancel Recording', commandIds.cancelRecording], ...log];
    case 'replaying':
      return [['Stop Test Stream', commandIds.stopTestStream], ...log];
    case 'idle': {
      const actions: [string, CommandId][] = [];
      const inFile = sources.filter(({ line }) => line !== undefined);
      if (trusted && inFile.length > 0)
        actions.push(
          inFile.every(({ state }) => state === 'valid')
            ? ['Record Sources Again', commandIds.recordSourcesAgain]
            : ['Record Sources', commandIds.recordSources],
        );
      if (trusted && sources.some(({ state }) => state === 'valid'))
        actions.push(['Replay', commandIds.replay]);
      if (sources.some(({ state }) => state !== 'none'))
        actions.push(['Clear Recordings', commandIds.clearRecordings]);
      return [...actions, ...log];
    }
  }
}

/** The state of a source in full. */
export function sourceText({ text, detail }: SourceSummary): string {
  return detail === undefined ? text : `${text} (${detail})`;
}

/** Labels and messages are the user's text: shown as they are, never as links or images. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$&]/g, '\\$&').replace(/\r?\n/g, '  \n');
}
