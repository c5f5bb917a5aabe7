import type { Diagnostic } from 'vscode-languageserver';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { DocumentProblem } from '../language/language.js';

const SEVERITIES: Record<DocumentProblem['severity'], DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

/** What the SDK would refuse of a text. */
export function problemDiagnostics(problems: DocumentProblem[]): Diagnostic[] {
  return problems.map(({ range, severity, code, message }) => ({
    ...{ range, code, message },
    severity: SEVERITIES[severity],
    source: 'Beam Rewind',
  }));
}
