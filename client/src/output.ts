import type { LogOutputChannel, OutputChannel } from 'vscode';
import { window } from 'vscode';
import type { OutputParams } from '../../server/src/protocol.js';

/** The two output channels: what the extension does, and what the user's program prints. */
export interface Output {
  log: LogOutputChannel;
  program: OutputChannel;
  append: (params: OutputParams) => void;
  dispose(): void;
}

export function createOutput(): Output {
  const log = window.createOutputChannel('Beam Rewind', { log: true });
  const program = window.createOutputChannel('Beam Rewind: Program');
  return {
    log,
    program,
    append({ text }) {
      program.append(text);
    },
    dispose() {
      log.dispose();
      program.dispose();
    },
  };
}
