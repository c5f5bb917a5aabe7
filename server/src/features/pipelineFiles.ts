import { TextDocument } from 'vscode-languageserver-textdocument';
import type { AnalyzedDocument, LanguageAnalyzer, TextChange } from '../language/language.js';
import type { Recording } from '../recording/recording.js';
import type { SourceStatus } from '../session/sourceStatus.js';
import { statusesFrom } from '../session/statusOfFile.js';
import type { KnownSource } from './lastKnownSources.js';
import { keepLastKnown, shiftSources } from './lastKnownSources.js';

/** What is known of an open file: the state of its sources, in this version of its text. */
export interface FileStatuses {
  uri: string;
  version: number;
  statuses: SourceStatus[];
}

export interface PipelineFilesContext {
  analyzerFor: (languageId: string) => LanguageAnalyzer | undefined;
  /** Recordings of a file, oldest first. */
  readRecordings(uri: string): Promise<Recording[]>;
  /** A file was analysed, or its recordings were read again. */
  onStatuses(file: FileStatuses): void;
  onError(message: string): void;
}

/** The open documents, analysed at every change of their text or of their recordings. */
export interface PipelineFiles {
  open(uri: string, languageId: string, version: number, text: string): void;
  /** Analyses within the call, so that a warning is there with the keystroke that causes it. */
  change(uri: string, changes: TextChange[], version: number): void;
  close(uri: string): void;
  /** Reads the recordings of a file again, or of all. */
  rereadRecordings(uri?: string): void;
  /** Text of an open file as the author sees it. */
  text(uri: string): string | undefined;
  /** What is known now; undefined when the file is not open. */
  latest(uri: string): FileStatuses | undefined;
  /** What is known once the file is analysed and its recordings are read. */
  settled(uri: string): Promise<FileStatuses | undefined>;
}

interface OpenFile extends FileStatuses {
  document: TextDocument;
  /** Absent until the grammar is loaded. */
  analysis?: AnalyzedDocument;
  known: KnownSource[];
  recordings: Recording[];
  areRecordingsOld: boolean;
  opening?: Promise<void>;
  reading?: Promise<void> | undefined;
}

export function createPipelineFiles(context: PipelineFilesContext): PipelineFiles {
  const files = new Map<string, OpenFile>();

  async function open(file: OpenFile, analyzer: LanguageAnalyzer): Promise<void> {
    try {
      startReading(file);
      const analysis = await analyzer.open(file.document.getText());
      await file.reading;
      if (files.get(file.uri) !== file) {
        analysis.dispose();
        return;
      }
      analysis.update(file.document.getText());
      file.analysis = analysis;
      look(file, analysis);
    } catch (error) {
      tell(file, error);
    }
  }

  function look(file: OpenFile, analysis: AnalyzedDocument): void {
    const { document } = file;
    file.known = keepLastKnown(file.known, analysis.file(), (range) => document.getText(range));
    publish(file);
  }

  function publish(file: OpenFile): void {
    if (!file.analysis || files.get(file.uri) !== file) return;
    file.version = file.document.version;
    file.statuses = statusesFrom(
      file.recordings,
      file.known.map(({ source }) => source),
    );
    context.onStatuses(file);
  }

  function startReading(file: OpenFile): void {
    file.areRecordingsOld = true;
    file.reading ??= readRecordings(file);
  }

  async function readRecordings(file: OpenFile): Promise<void> {
    while (file.areRecordingsOld) {
      file.areRecordingsOld = false;
      try {
        file.recordings = await context.readRecordings(file.uri);
      } catch (error) {
        tell(file, error);
      }
    }
    file.reading = undefined;
    publish(file);
  }

  function tell(file: OpenFile, error: unknown): void {
    context.onError(`${file.uri}: ${error instanceof Error ? error.message : String(error)}`);
  }

  return {
    open(uri, languageId, version, text) {
      const analyzer = context.analyzerFor(languageId);
      if (!analyzer) return;
      const document = TextDocument.create(uri, languageId, version, text);
      const facts = { known: [], recordings: [], statuses: [], areRecordingsOld: true };
      const file: OpenFile = { uri, version, document, ...facts };
      files.set(uri, file);
      file.opening = open(file, analyzer);
    },
    change(uri, changes, version) {
      const file = files.get(uri);
      if (!file) return;
      TextDocument.update(file.document, changes, version);
      for (const { range, text } of changes)
        if (range) file.known = shiftSources(file.known, { range, text });
      if (!file.analysis) return;
      file.analysis.edit(changes);
      look(file, file.analysis);
    },
    close(uri) {
      files.get(uri)?.analysis?.dispose();
      files.delete(uri);
    },
    rereadRecordings(uri) {
      for (const file of files.values())
        if (uri === undefined || file.uri === uri) startReading(file);
    },
    text: (uri) => files.get(uri)?.document.getText(),
    latest: (uri) => files.get(uri),
    async settled(uri) {
      const file = files.get(uri);
      await file?.opening;
      await file?.reading;
      return file;
    },
  };
}
