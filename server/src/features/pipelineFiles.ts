import { fileURLToPath } from 'node:url';
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { PipelineFile } from '../language/source.js';
import type { Recording } from '../recording/recording.js';
import type { SourceStatus } from '../session/sourceStatus.js';
import { statusesFrom } from '../session/statusOfFile.js';
import type { KnownSource } from './lastKnownSources.js';
import { keepLastKnown, shiftSources } from './lastKnownSources.js';

/** What is known of an open file: the latest text that was analysed, and the state of its sources in it. */
export interface FileStatuses {
  uri: string;
  version: number;
  statuses: SourceStatus[];
}

export interface PipelineFilesContext {
  /** Sources in the text of a file, by its path. */
  analyze(file: string, text: string): Promise<PipelineFile>;
  /** Recordings of a file, oldest first. */
  readRecordings(uri: string): Promise<Recording[]>;
  /** A file was analysed, or its recordings were read again. */
  onStatuses(file: FileStatuses): void;
  onError(message: string): void;
}

/** The open documents, analysed at every change of their text or of their recordings. */
export interface PipelineFiles {
  open(uri: string, languageId: string, version: number, text: string): void;
  change(uri: string, changes: TextDocumentContentChangeEvent[], version: number): void;
  close(uri: string): void;
  /** Reads the recordings of a file again, or of all. */
  rereadRecordings(uri?: string): void;
  /** Text of an open file as the author sees it. */
  text(uri: string): string | undefined;
  /** What is known now; undefined when the file is not open. */
  latest(uri: string): FileStatuses | undefined;
  /** What is known once the latest text is analysed. */
  settled(uri: string): Promise<FileStatuses | undefined>;
}

interface OpenFile extends FileStatuses {
  document: TextDocument;
  known: KnownSource[];
  recordings: Recording[];
  isTextNew: boolean;
  areRecordingsNew: boolean;
  update: Promise<void> | undefined;
}

export function createPipelineFiles(context: PipelineFilesContext): PipelineFiles {
  const files = new Map<string, OpenFile>();

  /** Brings a file up to date; changes that arrive meanwhile are taken along. */
  async function update(file: OpenFile): Promise<void> {
    while (file.isTextNew || file.areRecordingsNew) {
      try {
        await readRecordings(file);
        await analyze(file);
        if (!file.isTextNew && files.get(file.uri) === file) publish(file);
      } catch (error) {
        context.onError(`${file.uri}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    file.update = undefined;
  }

  async function readRecordings(file: OpenFile): Promise<void> {
    if (!file.areRecordingsNew) return;
    file.areRecordingsNew = false;
    file.recordings = await context.readRecordings(file.uri);
  }

  async function analyze(file: OpenFile): Promise<void> {
    if (!file.isTextNew) return;
    file.isTextNew = false;
    const { document } = file;
    const { version } = document;
    const analysis = await context.analyze(fileURLToPath(file.uri), document.getText());
    if (document.version !== version) return;
    file.known = keepLastKnown(file.known, analysis, (range) => document.getText(range));
  }

  function publish(file: OpenFile): void {
    file.version = file.document.version;
    file.statuses = statusesFrom(
      file.recordings,
      file.known.map(({ source }) => source),
    );
    context.onStatuses(file);
  }

  function start(file: OpenFile): void {
    file.update ??= update(file);
  }

  return {
    open(uri, languageId, version, text) {
      const document = TextDocument.create(uri, languageId, version, text);
      const file: OpenFile = {
        uri,
        version,
        document,
        known: [],
        recordings: [],
        statuses: [],
        isTextNew: true,
        areRecordingsNew: true,
        update: undefined,
      };
      files.set(uri, file);
      start(file);
    },
    change(uri, changes, version) {
      const file = files.get(uri);
      if (!file) return;
      TextDocument.update(file.document, changes, version);
      for (const change of changes)
        if ('range' in change) file.known = shiftSources(file.known, change);
      file.isTextNew = true;
      start(file);
    },
    close(uri) {
      files.delete(uri);
    },
    rereadRecordings(uri) {
      for (const file of files.values()) {
        if (uri !== undefined && file.uri !== uri) continue;
        file.areRecordingsNew = true;
        start(file);
      }
    },
    text: (uri) => files.get(uri)?.document.getText(),
    latest: (uri) => files.get(uri),
    async settled(uri) {
      const file = files.get(uri);
      await file?.update;
      return file;
    },
  };
}
