import type { InitializeParams } from 'vscode-languageserver';
import { fileURLToPath } from 'node:url';
import type { InitializationOptions } from '../protocol.js';
import type { PositionEncoding } from './positionEncoding.js';
import { chooseEncoding } from './positionEncoding.js';

/** What the client can do, as it told with `initialize`. */
export interface Client {
  /** Programs may be run. */
  trusted: boolean;
  /** It is our own: it implements the commands of lenses, shows file states and program output. */
  isOurs: boolean;
  encoding: PositionEncoding;
  /** Settings it gave once, for a client that cannot be asked for them. */
  settings: unknown;
  canBeAskedForSettings: boolean;
  registersSettings: boolean;
  watchesFiles: boolean;
  refreshesLenses: boolean;
  refreshesInlayHints: boolean;
  showsRelatedInformation: boolean;
  showsContent: boolean;
  showsProgress: boolean;
  expandsSnippets: boolean;
  /** Absolute paths. */
  folders: string[];
}

type Introduction = Pick<InitializeParams, 'capabilities'> &
  Partial<Pick<InitializeParams, 'workspaceFolders' | 'initializationOptions'>>;

/** Before anybody introduced itself. */
export const noClient: Client = clientOf({ capabilities: {} });

export function clientOf(params: Introduction): Client {
  const { capabilities, workspaceFolders } = params;
  const { workspace, textDocument, window, general } = capabilities;
  const options = (params.initializationOptions ?? {}) as Partial<InitializationOptions>;
  return {
    trusted: options.trusted === true,
    isOurs: options.implementsCommands === true,
    encoding: chooseEncoding(general?.positionEncodings),
    settings: options.settings,
    canBeAskedForSettings: workspace?.configuration === true,
    registersSettings: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    refreshesLenses: workspace?.codeLens?.refreshSupport === true,
    refreshesInlayHints: workspace?.inlayHint?.refreshSupport === true,
    showsRelatedInformation: textDocument?.publishDiagnostics?.relatedInformation === true,
    showsContent: workspace?.textDocumentContent !== undefined,
    showsProgress: window?.workDoneProgress === true,
    expandsSnippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    folders: pathsOf((workspaceFolders ?? []).map(({ uri }) => uri)),
  };
}

/** Absolute paths of those URIs that name files. */
export function pathsOf(uris: string[]): string[] {
  return uris.flatMap((uri) => pathOf(uri) ?? []);
}

/** Absolute path of a file; undefined for what is not on disk: an untitled document, say. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}
