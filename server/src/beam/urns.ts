/** URNs of Beam's portability contract (beam_runner_api.proto, beam_fn_api.proto), and our own. */
export const urns = {
  parDo: 'beam:transform:pardo:v1',
  flatten: 'beam:transform:flatten:v1',
  groupByKey: 'beam:transform:group_by_key:v1',
  combinePerKey: 'beam:transform:combine_per_key:v1',
  impulse: 'beam:transform:impulse:v1',
  testStream: 'beam:transform:teststream:v1',
  pubsubRead: 'beam:transform:pubsub_read:v1',
  globalWindows: 'beam:window_fn:global_windows:v1',
  externalEnvironment: 'beam:env:external:v1',
  dataSource: 'beam:runner:source:v1',
  dataSink: 'beam:runner:sink:v1',
  requiresStatefulProcessing: 'beam:requirement:pardo:stateful:v1',
  bytesCoder: 'beam:coder:bytes:v1',
  stringCoder: 'beam:coder:string_utf8:v1',
  kvCoder: 'beam:coder:kv:v1',
  timerCoder: 'beam:coder:timer:v1',
  globalWindowCoder: 'beam:coder:global_window:v1',
  lengthPrefixCoder: 'beam:coder:length_prefix:v1',
  /** Writes its input to a recording; the payload is the number of the recorded output. */
  recordDoFn: 'beam-rewind:dofn:record:v1',
  /** Reports the watermark of its input by event-time timers; same payload. */
  watermarkDoFn: 'beam-rewind:dofn:watermark:v1',
  /** Sends what a tagged test stream tells of each recorded output its way; the payload says nothing. */
  routeDoFn: 'beam-rewind:dofn:route:v1',
  /** Emits the elements of one recorded output and holds its watermark; payload as above. */
  holdDoFn: 'beam-rewind:dofn:hold:v1',
  /** Sends each recorded output one element to start with; the payload is the number of outputs. */
  startDoFn: 'beam-rewind:dofn:start:v1',
  /** Emits what is written to the recording of one output, until it ends; payload as of the record DoFn. */
  followDoFn: 'beam-rewind:dofn:follow:v1',
  /** Records its input from the user's process; the payload is read by `direct_pipeline.py`. */
  programRecord: 'beam-rewind:transform:record:v1',
  /** Decodes bytes, in the user's process; the payload is the id of the coder. */
  programDecode: 'beam-rewind:transform:decode:v1',
  /** Tells the elements of one output of the pipeline; the payload is its number. */
  outputDoFn: 'beam-rewind:dofn:output:v1',
  /** Tells them from the user's process; the payload is read by `direct_pipeline.py`. */
  programOutput: 'beam-rewind:transform:output:v1',
} as const;

/** Beam's timestamps end here: `BoundedWindow.TIMESTAMP_MAX_VALUE`, ms. Exact as a double is not needed: it is only compared. */
export const MAX_TIMESTAMP_MILLIS = 9223372036854775n;
export const MIN_TIMESTAMP_MILLIS = -9223372036854775n;
/** The end of the global window, ms: one day before the end of time. */
export const GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS = 9223371950454775n;
/** Some decades before that, ms: ahead of every watermark of a source, and behind every timer that waits for the end. */
export const AHEAD_OF_ALL_MILLIS = GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS - 2n ** 40n;
