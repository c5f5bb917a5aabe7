import type { InlayHint } from 'vscode-languageserver';
import type { TextRange } from '../language/source.js';
import type { SourceStatus } from '../session/sourceStatus.js';
import { touches } from './shiftRange.js';
import { elementsText } from './words.js';

/** Behind each source in sight, how many elements are recorded of it. */
export function inlayHints(statuses: SourceStatus[], visible: TextRange): InlayHint[] {
  return statuses.flatMap(({ state, source, recording }) =>
    source &&
    recording &&
    (state === 'valid' || state === 'stale') &&
    touches(source.range, visible)
      ? [
          {
            position: source.range.end,
            label: elementsText(recording.elements),
            paddingLeft: true,
            tooltip:
              state === 'valid' ? 'Recorded elements' : 'Recorded elements of the source as it was',
          },
        ]
      : [],
  );
}
