import type { Diagnostic, Location } from 'vscode-languageserver';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { PipelineSource, SourceSignature } from '../language/source.js';
import type { Recording } from '../recording/recording.js';
import type { SourceStatus } from '../session/sourceStatus.js';
import type { ChangedDefinition } from './changedDefinitions.js';
import { signatureText } from './words.js';

/** Code of the warning about a stale recording. */
export const staleRecording = 'stale-recording';

/**
 * A warning on each source whose recording is stale or damaged, with the reason.
 * @param locationOf where the recorded state is to be seen; absent for a client that shows no related information
 * @param definitionsOf what changed of the code a source consists of, and where it is
 */
export function staleDiagnostics(
  statuses: SourceStatus[],
  locationOf?: (recording: Recording) => Location,
  definitionsOf: (
    recorded: SourceSignature,
    current: SourceSignature,
  ) => ChangedDefinition[] = () => [],
): Diagnostic[] {
  return statuses.flatMap(({ state, reason, source, recording }) => {
    if (!source) return [];
    if (state === 'damaged') return [damagedDiagnostic(source, reason ?? '')];
    return state === 'stale'
      ? [
          {
            range: source.range,
            severity: DiagnosticSeverity.Warning,
            source: 'Beam Rewind',
            code: staleRecording,
            message: `Recording is stale: ${reason ?? 'the source changed'}`,
            ...(locationOf &&
              recording?.signature && {
                relatedInformation: [
                  {
                    location: locationOf(recording),
                    message: `Recorded: ${signatureText(recording.signature)}`,
                  },
                  ...definitionsOf(recording.signature, source.signature).map(
                    ({ name, location }) => ({
                      location,
                      message: `${name} is not what it was when this was recorded`,
                    }),
                  ),
                ],
              }),
          },
        ]
      : [];
  });
}

/** Where the log of a source's recording is not as it was written. */
function damagedDiagnostic({ range }: PipelineSource, reason: string): Diagnostic {
  return {
    range,
    severity: DiagnosticSeverity.Warning,
    source: 'Beam Rewind',
    code: 'damaged-recording',
    message: `Recording is damaged: ${reason}`,
  };
}
