/**
 * What the outline calls functions of the SDK that make no scope of their own name: the operation's name
 * (core/graph/edge.go) of primitive ones, else the first scope they make. Checked against the released module by
 * test/integration/language/goCatalogue.test.ts.
 */
const LABELS: Readonly<Record<string, string>> = {
  'beam.CoGroupByKey': 'CoGBK',
  'beam.GroupByKey': 'CoGBK',
  'beam.Combine': 'CombinePerKey',
  'beam.AddFixedKey': 'beam.addFixedKeyFn',
  'beam.DropKey': 'beam.dropKeyFn',
  'beam.DropValue': 'beam.dropValueFn',
  'beam.SwapKV': 'beam.swapKVFn',
  'beam.Explode': 'beam.Explode',
  'beam.ImpulseValue': 'Impulse',
  'beam/io/avroio.Write': 'avroio.WriteSharded',
  'beam/io/bigqueryio.Query': 'bigquery.Query',
  'beam/io/bigqueryio.Write': 'bigquery.Write',
  'beam/io/bigtableio.Write': 'bigtable.Write',
  'beam/io/bigtableio.WriteBatch': 'bigtable.WriteBatch',
  'beam/x/debug.Print': 'debug.Print',
  'beam/x/debug.Printf': 'debug.Print',
  'beam/io/spannerio.Write': 'spanner.Write',
  'beam/io/synthetic.SourceSingle': 'synthetic.Source',
};

/** The label in the outline of a function of the SDK: `beam.ParDo`, `beam/io/textio.Read`. */
export function labelOf(qualified: string): string {
  const name = qualified.replace(/^beam\.Try/, 'beam.');
  return LABELS[name] ?? name.replace(/^.*\//, '').replace(/^beam\./, '');
}
