import { parseCount, parseDuration, parseSize } from '../recording/parseLimits.js';
import type { RecordingLimits } from '../recording/recording.js';
import { parseRedactionRules } from '../recording/redaction/rules.js';
import { sourceLimits } from '../recording/sourceLimits.js';
import type { RecordingSettings } from '../session/session.js';
import type { Settings } from './settings.js';

/**
 * The limits a recording ends at.
 * @throws Error that names the setting, what is wrong with it, and valid examples
 */
export function limitsOf({ limits }: Settings): RecordingLimits {
  return {
    durationMs: read('beamRewind.limits.duration', () => parseDuration(limits.duration)),
    maxBytes: read('beamRewind.limits.size', () => parseSize(limits.size)),
    maxElements: read('beamRewind.limits.elements', () =>
      limits.elements === null ? Infinity : parseCount(String(limits.elements)),
    ),
  };
}

/**
 * What is recorded, and how much of it.
 * @throws Error that names the setting, what is wrong with it, and valid examples
 */
export function recordingSettingsOf(settings: Settings): RecordingSettings {
  const { limits, recordTogether, watermarkResolution, redact, retention } = settings;
  const { store } = limits;
  return {
    limits: limitsOf(settings),
    sourceLimits: read('beamRewind.limits.sources', () =>
      Object.entries(limits.sources).map(([pattern, own]) => sourceLimits(pattern, own)),
    ),
    ...(store !== null && {
      maxStoreBytes: read('beamRewind.limits.store', () => parseSize(store)),
    }),
    recordTogether,
    watermarkResolutionMs: read('beamRewind.watermarkResolution', () =>
      parseDuration(watermarkResolution),
    ),
    redact: read('beamRewind.redact', () => parseRedactionRules(redact)),
    keepRecordings: read('beamRewind.retention.recordings', () =>
      parseCount(String(retention.recordings)),
    ),
  };
}

function read<T>(setting: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Error(
      `Setting ${setting}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
