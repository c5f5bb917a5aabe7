/** The extension's settings, below `beamRewind`, as the editor stores them. The manifest is checked against this. */
export interface Settings {
  limits: {
    /** E.g. `60s`. */
    duration: string;
    /** E.g. `1GB`. */
    size: string;
    /** A number, or text such as `10k`; `null` for no limit. */
    elements: number | string | null;
    /** What all recordings of the store may take together, e.g. `10GB`; `null` for no limit. */
    store: string | null;
    /** Limits of some sources, by patterns of their labels: `{ "Clicks": { "elements": "10k" } }`. */
    sources: Record<string, Record<string, unknown>>;
  };
  /** Record the sources of a pipeline at the same time, all of them or none. */
  recordTogether: boolean;
  /** Replay what is recorded as long as it is valid; if not, every replay records anew. */
  recordingReplay: boolean;
  /** Event time between two recorded watermarks, e.g. `1s`. */
  watermarkResolution: string;
  /** What is taken out of elements before they are written: rules of {@link RedactionRule}. */
  redact: unknown[];
  retention: {
    /** How many recordings of a source are kept, beside the pinned ones. */
    recordings: number;
  };
  /** Bounded sources to record all the same: patterns on names of transforms, e.g. `ReadFrom*`. */
  recordableSources: string[];
  /** `prism`, or `host:port` of a runner's job endpoint. */
  backend: string;
  prism: {
    /** Path of a Prism binary; empty: found or obtained. */
    path: string;
  };
  /** The program's own arguments. */
  arguments: string[];
  python: {
    /** Path of the interpreter; empty: the Python extension's choice, else the one found in the workspace. */
    interpreter: string;
  };
  /** Show how many elements are recorded behind each source. */
  inlayHints: boolean;
  /** Folder of the recordings, relative to the workspace folder; empty: the default. */
  store: string;
}

export const defaultSettings: Settings = {
  limits: { duration: '60s', size: '1GB', elements: null, store: null, sources: {} },
  recordTogether: false,
  recordingReplay: true,
  watermarkResolution: '1s',
  redact: [],
  retention: { recordings: 3 },
  recordableSources: [],
  backend: 'prism',
  prism: { path: '' },
  arguments: [],
  python: { interpreter: '' },
  inlayHints: false,
  store: '',
};

/** Settings as a client gave them, complete: another editor names only what differs from the defaults. */
export function completeSettings(given: unknown): Settings {
  return merge(defaultSettings, given) as Settings;
}

function merge(defaults: unknown, given: unknown): unknown {
  if (given === undefined || (given === null && defaults !== null)) return defaults;
  if (!isObject(defaults) || !isObject(given)) return given;
  const names = new Set([...Object.keys(defaults), ...Object.keys(given)]);
  return Object.fromEntries([...names].map((name) => [name, merge(defaults[name], given[name])]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Settings that name a program, its arguments, an endpoint or a place to write: not read from an untrusted workspace. */
export const restrictedSettings = [
  'beamRewind.backend',
  'beamRewind.prism.path',
  'beamRewind.arguments',
  'beamRewind.python.interpreter',
  'beamRewind.store',
];
