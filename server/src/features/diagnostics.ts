import type { Diagnostic } from 'vscode-languageserver';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { SourceStatus } from '../session/sourceStatus.js';

/** A warning on each source whose recording is stale, with the reason. */
export function staleDiagnostics(statuses: SourceStatus[]): Diagnostic[] {
  return statuses.flatMap(({ state, reason, source }) =>
    state === 'stale' && source
      ? [
          {
            range: source.range,
            severity: DiagnosticSeverity.Warning,
            source: 'Beam Rewind',
            code: 'stale-recording',
            message: `Recording is stale: ${reason ?? 'the source changed'}`,
          },
        ]
      : [],
  );
}
