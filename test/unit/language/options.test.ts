import assert from 'node:assert/strict';
import { analyzerFor } from '../../../server/src/language/language.js';

const TEXT = `import argparse
import apache_beam as beam
from apache_beam.io import ReadFromPubSub
from apache_beam.io.kafka import ReadFromKafka
from apache_beam.options.pipeline_options import PipelineOptions


class Mine(PipelineOptions):
    @classmethod
    def _add_argparse_args(cls, parser):
        parser.add_argument('--orders-topic', default='orders')
        parser.add_value_provider_argument('--late', type=str)


class Job:
    def __init__(self, argv):
        parser = argparse.ArgumentParser()
        parser.add_argument('--project', '-p', default='some')
        parser.add_argument('--topic', dest='the_topic', required=True)
        parser.add_argument('--max', type=int, default=None)
        parser.add_argument('--meta', action='store_true')
        parser.add_argument('--many', nargs='+')
        self.args, rest = parser.parse_known_args(argv)
        self.options = PipelineOptions(rest)

    def run(self):
        args = self.args
        mine = self.options.view_as(Mine)
        with beam.Pipeline(options=self.options) as p:
            p | 'topic' >> ReadFromPubSub(f'projects/{args.project}/topics/{self.args.the_topic}')
            p | 'orders' >> ReadFromPubSub('x/' + mine.orders_topic)
            p | 'kafka' >> ReadFromKafka({}, args.many, max_num_records=args.max, with_metadata=args.meta)
`;

async function sources(args?: string[]): Promise<Record<string, string>> {
  const context = { path: '/w/main.py', folders: [], read: () => undefined };
  const document = await analyzerFor('python')!.open(TEXT, { ...context, ...(args && { args }) });
  return Object.fromEntries(
    document.file().sources.map(({ label, bounded, signature }) => {
      const written = Object.entries(signature.arguments).map(([name, text]) => `${name}=${text}`);
      return [label, `${bounded ? 'bounded ' : ''}${written.join(' ')}`];
    }),
  );
}

describe('Options of a Python program', () => {
  const SYMBOLIC = {
    topic: 'topic=f"projects/{--project (default \\"some\\")}/topics/{--topic}"',
    orders: 'topic=("x/" + --orders-topic (default "orders"))',
    kafka:
      'consumer_config={} max_num_records=--max (default None, type int) topics=--many (nargs "+") with_metadata=--meta (action "store_true")',
  };

  it('stay symbolic, with their defaults', async () => {
    assert.deepEqual(await sources(), SYMBOLIC);
    assert.deepEqual(await sources([]), SYMBOLIC);
    assert.deepEqual(await sources(['--other', 'x', 'topic']), SYMBOLIC);
  });

  it('are what the launch arguments say', async () => {
    const args = ['-p', 'mine', '--topic=a=b', '--orders-topic', 'new', '--max', '10', '--meta'];
    assert.deepEqual(await sources(args), {
      topic: 'topic="projects/mine/topics/a=b"',
      orders: 'topic="x/new"',
      kafka:
        'bounded consumer_config={} max_num_records=10 topics=--many (nargs "+") with_metadata=True',
    });
  });

  it('are what they are said to be last; what cannot be read stays symbolic', async () => {
    const found = await sources(['--topic', 'a', '--topic', 'b', '--max', 'ten', '--orders-topic']);
    assert.equal(found['topic'], 'topic=f"projects/{--project (default \\"some\\")}/topics/b"');
    assert.equal(found['orders'], SYMBOLIC.orders);
    assert.equal(found['kafka'], SYMBOLIC.kafka);
  });
});
