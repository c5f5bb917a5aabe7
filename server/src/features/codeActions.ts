import type { CodeAction, CodeActionContext, Diagnostic, TextEdit } from 'vscode-languageserver';
import { CodeActionKind } from 'vscode-languageserver';
import type { TextRange } from '../language/source.js';
import { commandIds, serverCommandIds } from '../protocol.js';
import type { SourceStatus } from '../session/sourceStatus.js';
import { staleRecording } from './diagnostics.js';
import { touches } from './shiftRange.js';

/** What the quick fixes of a file depend on. */
export interface CodeActionState {
  uri: string;
  statuses: SourceStatus[];
  /** Whether the program may be run now. */
  canRun: boolean;
  /** The edit that makes a source again what was recorded; undefined if there is none. */
  restore: (status: SourceStatus) => TextEdit | undefined;
}

/** Quick fixes for the sources that a range touches. */
export function codeActions(
  state: CodeActionState,
  range: TextRange,
  { only, diagnostics }: CodeActionContext,
): CodeAction[] {
  const isAsked = only?.some((kind) => isKindOrBelow(CodeActionKind.QuickFix, kind)) ?? true;
  if (!isAsked) return [];
  return state.statuses
    .filter(({ source }) => source && touches(source.range, range))
    .flatMap((status) => actionsFor(status, state).map((action) => withProblems(action, status)));

  function withProblems(action: CodeAction, { source, state: of }: SourceStatus): CodeAction {
    const problems = diagnostics.filter(
      ({ code, range: at }) => code === staleRecording && source && touches(at, source.range),
    );
    const isFix = of === 'stale' && problems.length > 0;
    return { ...action, kind: CodeActionKind.QuickFix, ...(isFix && { diagnostics: problems }) };
  }
}

type Fix = Pick<CodeAction, 'title' | 'command' | 'edit' | 'isPreferred'> & {
  diagnostics?: Diagnostic[];
};

function actionsFor(status: SourceStatus, { uri, canRun, restore }: CodeActionState): Fix[] {
  const { source, recording, state, label } = status;
  if (!source || !recording) return [];
  if (isIgnored(status))
    return [
      command(
        `Warn again about the change of "${label}"`,
        serverCommandIds.warnAgain,
        recording.id,
      ),
    ];
  if (state !== 'stale') return [];
  const fixes: Fix[] = [];
  if (canRun) fixes.push(command(`Record "${label}" again`, commandIds.recordSources));
  const edit = restore(status);
  if (edit)
    fixes.push({
      title: `Restore "${label}" as it was recorded`,
      edit: { changes: { [uri]: [edit] } },
      isPreferred: true,
    });
  if (status.renamedFrom) {
    const { label: before } = status.renamedFrom;
    const title = `Keep the recording of "${before}" for "${label}"`;
    fixes.push(command(title, serverCommandIds.acceptRenames));
    return fixes;
  }
  const { hash } = source.signature;
  fixes.push(
    command(`Ignore this change of "${label}"`, serverCommandIds.ignoreChange, recording.id, hash),
  );
  return fixes;

  function command(title: string, id: string, ...args: string[]): Fix {
    return { title, command: { title, command: id, arguments: [uri, ...args] } };
  }
}

/** The source was changed since its recording, and its author says that this makes no difference. */
function isIgnored({ state, source, recording }: SourceStatus): boolean {
  const recorded = recording?.signature?.hash;
  return state === 'valid' && recorded !== undefined && recorded !== source?.signature.hash;
}

/** `quickfix` is below `quickfix` and below the empty kind. */
function isKindOrBelow(kind: string, asked: string): boolean {
  return asked === '' || kind === asked || kind.startsWith(`${asked}.`);
}
