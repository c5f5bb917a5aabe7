"""Elements of about 100 bytes, through Interactive Beam's sink or from an unbounded source.

elements.py cache FOLDER COUNT KIND      writes a cache, prints the seconds it took and the bytes of the file
elements.py COUNT KIND                   runs a pipeline whose source emits the elements and ends
elements.py create COUNT KIND            runs the same pipeline, reading the elements from beam.Create
"""

import json
import logging
import math
import os
import random
import sys
import time
import typing

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.options.pipeline_options import PipelineOptions

# Elements that are emitted, or claimed of the source, at a time.
block = 1000
# So many differ; then they come again, farther apart than anything that makes them shorter can see.
different = 20 * block


class Click(typing.NamedTuple):
    id: int
    time: int
    user: str
    event: str
    page: str
    amount: float


beam.coders.registry.register_coder(Click, beam.coders.RowCoder)
users = 'anna bela chen dmitri elif fatima george hana ivan jun kofi lena marta'.split()
kinds = 'view view view view click click cart buy'.split()


def clicks(count):
    """Clicks in a shop: a random id, a time 40 ms after the one before (on average), users and pages of which few are
    frequent, an amount. events.ts makes the same."""
    chance = random.Random(7)

    def rank(most, power):
        return min(most, math.floor((1 - chance.random()) ** -power))

    at = 1767225600000
    for _ in range(count):
        at += round(chance.expovariate(1 / 40))
        yield Click(chance.getrandbits(32), at, chance.choice(users) + str(rank(999, 1)), chance.choice(kinds),
                    f'/item/{rank(9999, 1.4)}', round(20 * (1 - chance.random()) ** -0.7, 2))


def elements(kind):
    if kind == 'random':
        return [random.Random(index).randbytes(100) for index in range(different)]
    if kind == 'rows':
        return list(clicks(different))
    return [json.dumps(dict(click._asdict(), id=f'{click.id:08x}'), separators=(',', ':')) for click in clicks(different)]


def type_of(kind):
    return {'random': bytes, 'rows': Click, 'json': str}[kind]


def write_cache(folder, count, kind):
    from apache_beam.runners.interactive.caching.streaming_cache import StreamingCache
    from apache_beam.testing.test_stream import TestStream
    logging.disable(logging.WARNING)
    stream = TestStream().advance_watermark_to(0)
    all = elements(kind)
    for start in range(0, count, block):
        stream.add_elements(all[start % different:start % different + block])
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

    def setup(self):
        self.elements = elements(self.kind)

    @beam.DoFn.unbounded_per_element()
    def process(self, _, tracker=beam.DoFn.RestrictionParam(Elements())):
        at = tracker.current_restriction().start
        while tracker.try_claim(at):
            start = at * block % different
            yield from self.elements[start:start + block]
            at += 1


def process(elements):
    elements | beam.Map(len) | beam.Filter(lambda length: length == 0) | beam.Map(print)


if __name__ == '__main__':
    if sys.argv[1] == 'cache':
        write_cache(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    elif sys.argv[1] == 'create':
        with beam.Pipeline() as p:
            all = elements(sys.argv[3])
            process(p | beam.Create([all[index % different] for index in range(int(sys.argv[2]))]))
    else:
        with beam.Pipeline() as p:
            process(p | beam.Create([int(sys.argv[1])]) | 'Bench' >> beam.ParDo(Emit(sys.argv[2])).with_output_types(type_of(sys.argv[2])))
