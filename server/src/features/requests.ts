import { fileURLToPath } from 'node:url';
import type { Connection, Location, TextEdit } from 'vscode-languageserver';
import type { Recording } from '../recording/recording.js';
import type { ShownElement } from '../session/showRecording.js';
import type { SourceStatus } from '../session/sourceStatus.js';
import type { Client } from './client.js';
import { pathOf } from './client.js';
import { codeActions } from './codeActions.js';
import type { LensData, LensState } from './codeLens.js';
import { codeLenses, resolveCodeLens } from './codeLens.js';
import { completionItems } from './completion.js';
import type { Configuration } from './configuration.js';
import type { Core } from './core.js';
import { documentSymbols } from './documentSymbols.js';
import { describedHover, shownElements, sourceAt, sourceHover } from './hover.js';
import { inlayHints } from './inlayHints.js';
import type { PipelineDocument, PipelineFiles } from './pipelineFiles.js';
import { decodePosition } from './positionEncoding.js';
import { recordedStateText, recordingNameOf } from './recordedState.js';
import { restoringEdit } from './restoreArguments.js';
import type { Sessions } from './sessions.js';
import { contains } from './shiftRange.js';
import type { WorkspaceIndex } from './workspaceIndex.js';

export interface RequestContext {
  client: () => Client;
  configuration: Configuration;
  files: PipelineFiles;
  index: WorkspaceIndex;
  sessions: Sessions;
  /** What is sent about a document, with positions as the client counts them. */
  answer: <T>(uri: string, value: T) => T;
  /** Where the recorded state of a source is to be seen. */
  location(uri: string, recording: Recording): Location;
}

/** Answers what the LSP lets a client ask about a document: each feature from the state things are in. */
export function answerRequests(connection: Connection, core: Core, context: RequestContext): void {
  const { configuration, files, index, sessions, answer, client } = context;

  function lensState({ uri, statuses }: Pick<PipelineDocument, 'uri' | 'statuses'>): LensState {
    const { trusted, isOurs } = client();
    const file = pathOf(uri);
    return {
      ...{ uri, statuses, trusted },
      session: sessions.state(uri)?.kind,
      canLaunch: file !== undefined && core.canLaunch(file),
      showsIcons: isOurs,
    };
  }

  function decode(file: PipelineDocument, position: { line: number; character: number }) {
    return decodePosition(client().encoding, file.document, position);
  }

  connection.onCodeLens(async ({ textDocument: { uri } }) => {
    const file = await files.settled(uri);
    return file ? answer(uri, codeLenses(lensState(file))) : [];
  });
  connection.onCodeLensResolve((lens) => {
    const { uri } = lens.data as LensData;
    return resolveCodeLens(lens, lensState(files.latest(uri) ?? { uri, statuses: [] }));
  });

  connection.onCodeAction(async ({ textDocument: { uri }, range, context: asked }) => {
    const file = await files.settled(uri);
    if (!file) return [];
    const { trusted, canLaunch, session } = lensState(file);
    const decoded = { start: decode(file, range.start), end: decode(file, range.end) };
    const diagnostics = asked.diagnostics.map((one) => ({
      ...one,
      range: { start: decode(file, one.range.start), end: decode(file, one.range.end) },
    }));
    const state = {
      ...{ uri: file.uri, statuses: file.statuses },
      canRun: trusted && canLaunch && session === undefined,
      restore: (status: SourceStatus) => restore(file, status),
    };
    return answer(uri, codeActions(state, decoded, { ...asked, diagnostics }));
  });

  connection.onHover(async ({ textDocument: { uri }, position }) => {
    const file = await files.settled(uri);
    if (!file) return null;
    const at = decode(file, position);
    const description = file.analysis?.describe?.(at);
    const source = sourceAt(sourcesOf(file), at);
    if (!source) return description ? answer(uri, describedHover(description)) : null;
    const status = file.statuses.find((one) => one.source === source || isStatusOf(one, source));
    const hover = sourceHover(source, status, await firstElements(file.uri, status), description);
    return answer(uri, hover);
  });

  connection.onCompletion(async ({ textDocument: { uri }, position }) => {
    const file = await files.settled(uri);
    const proposed = file?.analysis?.complete?.(decode(file, position)) ?? [];
    return answer(uri, completionItems(proposed, client().expandsSnippets));
  });

  connection.onDocumentSymbol(async ({ textDocument: { uri } }) => {
    const file = await files.settled(uri);
    if (!file?.analysis) return [];
    const { analysis } = file;
    return answer(uri, documentSymbols(analysis.transforms?.(), sourcesOf(file)));
  });

  // Only where there is a problem: elsewhere the definition is what a language's own server says.
  connection.onDefinition(async ({ textDocument: { uri }, position }) => {
    const file = await files.settled(uri);
    if (!file) return null;
    const at = decode(file, position);
    const stale = file.statuses.find(
      ({ state, source }) => state === 'stale' && source && contains(source.range, at),
    );
    return stale?.recording ? context.location(file.uri, stale.recording) : null;
  });

  connection.languages.inlayHint.on(async ({ textDocument: { uri }, range }) => {
    const file = await files.settled(uri);
    if (!file || !(await configuration.settings(uri)).inlayHints) return [];
    const visible = { start: decode(file, range.start), end: decode(file, range.end) };
    return answer(uri, inlayHints(file.statuses, visible));
  });

  connection.onWorkspaceSymbol(async ({ query }) => {
    await index.settled();
    return index.symbols(query);
  });

  connection.workspace.textDocumentContent.on(async ({ uri }) => {
    const name = recordingNameOf(uri);
    const store = await configuration.store(name.uri);
    const recordings = await core.recordingsOf(store, fileURLToPath(name.uri));
    const recording = recordings.find(({ id }) => id === name.id);
    return { text: recording ? recordedStateText(recording) : 'The recording was deleted.\n' };
  });

  async function firstElements(
    uri: string,
    status: SourceStatus | undefined,
  ): Promise<ShownElement[]> {
    if (!status?.recording || status.recording.elements === 0) return [];
    const { pipeline, label } = status.recording;
    const elements: ShownElement[] = [];
    try {
      const store = await configuration.store(uri);
      for await (const one of core.showElements(store, fileURLToPath(uri), label, shownElements))
        if (one.pipeline === pipeline) elements.push(one);
    } catch (error) {
      connection.console.warn(`Recorded elements cannot be shown: ${String(error)}`);
    }
    return elements;
  }
}

function sourcesOf({ analysis, statuses }: PipelineDocument) {
  const listed = statuses.flatMap(({ source }) => source ?? []);
  const others = (analysis?.file().sources ?? []).filter(
    (one) => !listed.some(({ range }) => contains(range, one.range.start)),
  );
  return [...listed, ...others];
}

function isStatusOf(status: SourceStatus, source: { pipeline: string; label: string }): boolean {
  return status.pipeline === source.pipeline && status.label === source.label;
}

/** The edit that makes a source again what was recorded of it, if one is found. */
function restore(
  { analysis, document }: PipelineDocument,
  { source, recording }: SourceStatus,
): TextEdit | undefined {
  if (!analysis || !source || !recording) return undefined;
  const { start, end } = source.range;
  const offsets = { start: document.offsetAt(start), end: document.offsetAt(end) };
  const edit = restoringEdit(analysis, source, offsets, recording);
  if (!edit) return undefined;
  const range = { start: document.positionAt(edit.start), end: document.positionAt(edit.end) };
  return { range, newText: edit.text };
}
