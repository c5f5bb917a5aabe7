import type { Recording } from '../../server/src/recording/recording.js';

/** The recording that a bench writes. */
export function benchRecording(): Recording {
  return {
    formatVersion: 2,
    id: 'bench',
    file: '/bench.py',
    pipeline: 'p',
    label: 'Bench',
    uniqueName: 'Bench',
    coder: 'beam:coder:bytes:v1',
    limits: { durationMs: 1e9, maxBytes: 1e12, maxElements: 1e12 },
    startedAt: 0,
    elements: 0,
    bytes: 0,
  };
}
