import { TextDocument } from 'vscode-languageserver-textdocument';
import type {
  AnalysisContext,
  AnalyzedDocument,
  LanguageAnalyzer,
  TextChange,
} from '../language/language.js';
import { markRecordable } from '../language/recordable.js';
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

/** An open file, for features that look at its text too. */
export interface PipelineDocument extends FileStatuses {
  document: TextDocument;
  /** Absent until the grammar is loaded. */
  analysis?: AnalyzedDocument;
}

export interface PipelineFilesContext {
  analyzerFor: (languageId: string) => LanguageAnalyzer | undefined;
  /** Where a file stands among others, when its settings are known. */
  contextOf(uri: string): Promise<AnalysisContext>;
  /** Recordings of a file, oldest first, and the patterns that name its recordable bounded sources. */
  readRecordings(uri: string): Promise<{ recordings: Recording[]; recordableSources: string[] }>;
  /** A change as the client counts characters, to one in UTF-16. */
  decodeChange(document: TextDocument, change: TextChange): TextChange;
  /** A file was analysed, or its recordings were read again. */
  onStatuses(file: PipelineDocument): void;
  onError(message: string): void;
}

/** The open documents, analysed at every change of their text or of their recordings. */
export interface PipelineFiles {
  open(uri: string, languageId: string, version: number, text: string): void;
  /** Analyses within the call, so that a warning is there with the keystroke that causes it. */
  change(uri: string, changes: TextChange[], version: number): void;
  close(uri: string): void;
  /** Another file changed: what depends on it is analysed again. @param path absolute */
  fileChanged(path: string): void;
  /** Analyses all files anew: their settings changed. */
  reopen(): void;
  /** Reads the recordings of a file again, or of all. */
  rereadRecordings(uri?: string): void;
  /** What is known now; undefined when the file is not open. */
  latest(uri: string): PipelineDocument | undefined;
  /** What is known once the file is analysed and its recordings are read. */
  settled(uri: string): Promise<PipelineDocument | undefined>;
  /** Absolute paths of files that the open ones depend on. */
  dependencies(): Set<string>;
}

interface OpenFile extends PipelineDocument {
  analyzer: LanguageAnalyzer;
  known: KnownSource[];
  recordings: Recording[];
  recordableSources: string[];
  areRecordingsOld: boolean;
  opening?: Promise<void>;
  reading?: Promise<void> | undefined;
}

export function createPipelineFiles(context: PipelineFilesContext): PipelineFiles {
  const files = new Map<string, OpenFile>();

  async function open(file: OpenFile): Promise<void> {
    try {
      startReading(file);
      const place = await context.contextOf(file.uri);
      const analysis = await file.analyzer.open(file.document.getText(), place);
      await file.reading;
      if (files.get(file.uri) !== file) {
        analysis.dispose();
        return;
      }
      analysis.update(file.document.getText());
      file.analysis?.dispose();
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
    const sources = file.known.map(({ source }) => source);
    file.statuses = statusesFrom(file.recordings, markRecordable(sources, file.recordableSources));
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
        Object.assign(file, await context.readRecordings(file.uri));
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
      const file: OpenFile = {
        ...{ uri, version, document, analyzer },
        ...{ known: [], recordings: [], recordableSources: [], statuses: [] },
        areRecordingsOld: true,
      };
      files.set(uri, file);
      file.opening = open(file);
    },
    change(uri, changes, version) {
      const file = files.get(uri);
      if (!file) return;
      const decoded = changes.map((received) => {
        const change = context.decodeChange(file.document, received);
        TextDocument.update(file.document, [change], version);
        const { range, text } = change;
        if (range) file.known = shiftSources(file.known, { range, text });
        return change;
      });
      if (!file.analysis) return;
      file.analysis.edit(decoded);
      look(file, file.analysis);
    },
    close(uri) {
      files.get(uri)?.analysis?.dispose();
      files.delete(uri);
    },
    fileChanged(path) {
      for (const file of files.values()) {
        const { analysis } = file;
        if (!analysis?.dependencies?.().has(path)) continue;
        analysis.dependencyChanged?.(path);
        look(file, analysis);
      }
    },
    reopen() {
      for (const file of files.values()) file.opening = open(file);
    },
    rereadRecordings(uri) {
      for (const file of files.values())
        if (uri === undefined || file.uri === uri) startReading(file);
    },
    latest: (uri) => files.get(uri),
    async settled(uri) {
      const file = files.get(uri);
      await file?.opening;
      await file?.reading;
      return file;
    },
    dependencies() {
      const all = new Set<string>();
      for (const { analysis } of files.values())
        for (const path of analysis?.dependencies?.() ?? []) all.add(path);
      return all;
    },
  };
}
