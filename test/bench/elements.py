"""Elements of 100 bytes, through Interactive Beam's sink or from an unbounded source.

elements.py cache FOLDER COUNT KIND      writes a cache, prints the seconds it took and the bytes of the file
elements.py COUNT KIND                   runs a pipeline whose source emits the elements and ends
elements.py create COUNT KIND            runs the same pipeline, reading the elements from beam.Create
"""

import logging
import os
import random
import sys
import time

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.options.pipeline_options import PipelineOptions

# Elements that are emitted, or claimed of the source, at a time.
block = 1000
words = random.Random(7).choices('abcdefghij klmnop', k=200)
blob = random.Random(7).randbytes(200)


def element(index, kind):
    at = index % 100
    return ''.join(words[at:at + 100]) if kind == 'text' else blob[at:at + 100]


def write_cache(folder, count, kind):
    from apache_beam.runners.interactive.caching.streaming_cache import StreamingCache
    from apache_beam.testing.test_stream import TestStream
    logging.disable(logging.WARNING)
    stream = TestStream().advance_watermark_to(0)
    for start in range(0, count, block):
        stream.add_elements([element(index, kind) for index in range(start, start + block)])
    cache = StreamingCache(folder, is_cache_complete=lambda _: True)
    begun = time.time()
    with beam.Pipeline('BundleBasedDirectRunner', options=PipelineOptions([], streaming=True)) as p:
        p | stream.advance_watermark_to_infinity() | cache.sink(['full', 'bench-0-0-0'], is_capture=True)
    print(time.time() - begun, os.path.getsize(os.path.join(folder, 'full', 'bench-0-0-0')))


class Elements(beam.RestrictionProvider):
    def initial_restriction(self, count):
        return OffsetRange(0, count // block)

    def create_tracker(self, restriction):
        return OffsetRestrictionTracker(restriction)

    def restriction_size(self, _, restriction):
        return restriction.size()


class Emit(beam.DoFn):
    def __init__(self, kind):
        self.kind = kind

    @beam.DoFn.unbounded_per_element()
    def process(self, _, tracker=beam.DoFn.RestrictionParam(Elements())):
        at = tracker.current_restriction().start
        while tracker.try_claim(at):
            for index in range(at * block, (at + 1) * block):
                yield element(index, self.kind)
            at += 1


def process(elements):
    elements | beam.Map(len) | beam.Filter(lambda length: length == 0) | beam.Map(print)


if __name__ == '__main__':
    if sys.argv[1] == 'cache':
        write_cache(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    elif sys.argv[1] == 'create':
        with beam.Pipeline() as p:
            process(p | beam.Create([element(index, sys.argv[3]) for index in range(int(sys.argv[2]))]))
    else:
        with beam.Pipeline() as p:
            process(p | beam.Create([int(sys.argv[1])]) | 'Bench' >> beam.ParDo(Emit(sys.argv[2])))
