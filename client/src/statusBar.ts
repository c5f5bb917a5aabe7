import type { TextEditor } from 'vscode';
import { MarkdownString, StatusBarAlignment, ThemeColor, Uri, window, workspace } from 'vscode';
import type { FileStateParams } from '../../server/src/protocol.js';
import { commandIds } from '../../server/src/protocol.js';
import { activeNotebook, notebookOf } from './notebook.js';
import { statusItemOf } from './statusText.js';

/** The status bar item, and what it knows of each file. */
export interface StatusBar {
  set: (state: FileStateParams) => void;
  get(uri: string): FileStateParams | undefined;
  /** Forgets all files: nothing is known while the server is down. */
  clear: () => void;
  dispose(): void;
}

export function createStatusBar(): StatusBar {
  const states = new Map<string, FileStateParams>();
  const item = window.createStatusBarItem('status', StatusBarAlignment.Left);
  item.name = 'Beam Rewind';

  const { document: active } = window.activeTextEditor ?? {};
  let file = notebookOf(active) ?? active?.uri ?? activeNotebook();

  function follow(editor: TextEditor | undefined): void {
    // An output channel is read beside the file it is about.
    if (editor?.document.uri.scheme === 'output') return;
    file = notebookOf(editor?.document) ?? editor?.document.uri ?? activeNotebook();
    show();
  }

  function show(): void {
    const state = file && states.get(key(file.toString()));
    const shown = state && statusItemOf(state, workspace.isTrusted);
    if (!shown) {
      item.hide();
      return;
    }
    item.text = shown.text;
    item.tooltip = tooltip(shown.tooltip);
    item.backgroundColor = shown.isWarning
      ? new ThemeColor('statusBarItem.warningBackground')
      : undefined;
    item.command = {
      command: commandIds.showStatus,
      title: 'Show Status',
      arguments: [state.uri],
    };
    item.show();
  }

  const listeners = [
    window.onDidChangeActiveTextEditor(follow),
    window.onDidChangeActiveNotebookEditor(() => {
      follow(window.activeTextEditor);
    }),
    workspace.onDidGrantWorkspaceTrust(show),
    workspace.onDidCloseTextDocument(({ uri }) => states.delete(key(uri.toString()))),
  ];

  return {
    set(state) {
      states.set(key(state.uri), state);
      show();
    },
    get: (uri) => states.get(key(uri)),
    clear() {
      states.clear();
      show();
    },
    dispose() {
      for (const listener of listeners) listener.dispose();
      item.dispose();
    },
  };
}

/** URIs of one file may be encoded differently on their way through the server. */
function key(uri: string): string {
  return Uri.parse(uri).toString();
}

function tooltip(text: string): MarkdownString {
  const markdown = new MarkdownString(text);
  markdown.isTrusted = { enabledCommands: Object.values(commandIds) };
  return markdown;
}
