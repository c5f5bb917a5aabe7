import { TRANSFORMS } from './catalogue.js';

/** Names that `import x.y.*;` may bring, of packages that pipelines import so: only with them is one import as another. */
export const PACKAGES = new Map<string, Set<string>>(
  Object.entries({
    'java.util':
      'ArrayList Arrays Collection Collections HashMap HashSet Iterator LinkedHashMap LinkedList List Locale Map Objects Optional Properties Set TreeMap UUID',
    'java.util.concurrent': 'Callable ConcurrentHashMap TimeUnit',
    'java.util.stream': 'Collectors IntStream Stream',
    'java.time': 'Duration Instant LocalDate ZoneId',
    'org.joda.time': 'DateTime Duration Instant Period',
    'java.nio.charset': 'StandardCharsets',
    'org.apache.beam.sdk': 'Pipeline PipelineResult',
    'org.apache.beam.sdk.coders':
      'AvroCoder ByteArrayCoder Coder KvCoder SerializableCoder StringUtf8Coder VarIntCoder VarLongCoder',
    'org.apache.beam.sdk.options':
      'Default Description PipelineOptions PipelineOptionsFactory StreamingOptions Validation ValueProvider',
    'org.apache.beam.sdk.testing': 'PAssert TestPipeline',
    'org.apache.beam.sdk.transforms':
      'DoFn Flatten MapElements PTransform ParDo SerializableFunction View',
    'org.apache.beam.sdk.values':
      'KV PBegin PCollection PCollectionList PCollectionTuple Row TimestampedValue TupleTag TypeDescriptor TypeDescriptors',
  }).map(([name, types]) => [name, new Set(types.split(/\s+/))]),
);

for (const { type } of TRANSFORMS) {
  const cut = type.search(/\.[A-Z]/);
  const name = type.slice(0, cut);
  const known = PACKAGES.get(name) ?? new Set();
  PACKAGES.set(name, known.add(type.slice(cut + 1).split('.')[0] ?? ''));
}
