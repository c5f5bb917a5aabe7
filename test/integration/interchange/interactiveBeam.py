"""The real Interactive Beam and the real pyarrow, on files; writes JSON lines.

write FOLDER NAME       a cache of NAME, by Interactive Beam's own sink in a pipeline
read FOLDER NAME        the test stream events of a cache, by Interactive Beam's own reader
parquet FILE            the schema, then the rows, of a Parquet file
"""

import json
import logging
import sys

logging.disable(logging.WARNING)

import apache_beam as beam  # noqa: E402
from apache_beam.options.pipeline_options import PipelineOptions  # noqa: E402
from apache_beam.runners.interactive.cache_manager import SafeFastPrimitivesCoder  # noqa: E402
from apache_beam.runners.interactive.caching.streaming_cache import StreamingCache  # noqa: E402
from apache_beam.testing.test_stream import TestStream  # noqa: E402
from apache_beam.transforms.window import TimestampedValue  # noqa: E402
from apache_beam.utils.timestamp import Timestamp  # noqa: E402


def cache_in(folder):
    return StreamingCache(folder, is_cache_complete=lambda _: True, sample_resolution_sec=1.0)


def write(folder, name):
    stream = (
        TestStream()
        .advance_watermark_to(0)
        .advance_processing_time(5)
        .add_elements([TimestampedValue(i * 0.05, i * 0.05) for i in range(40)])
        .advance_processing_time(2)
        .advance_watermark_to(1.5)
        .add_elements([TimestampedValue(1.75, 1.75)])
        .advance_watermark_to_infinity()
    )
    if name.startswith('texts'):
        stream = TestStream().advance_watermark_to(0).advance_processing_time(5).add_elements([
            TimestampedValue(json.dumps({'id': i, 'text': 'é%\n'}), i) for i in range(3)
        ]).advance_processing_time(2).advance_watermark_to_infinity()
    if name.startswith('values'):
        stream = TestStream().add_elements(
            [None, 1, -2.5, b'\xff\n', 'é', (1, 'a'), {'k': [True]}, Timestamp(1.5)]
        ).advance_watermark_to_infinity()
    with beam.Pipeline('BundleBasedDirectRunner', options=PipelineOptions([], streaming=True)) as p:
        p | stream | cache_in(folder).sink(['full', name], is_capture=True)


def read(folder, name):
    for event in cache_in(folder).read_multiple([('full', name)]):
        kind = event.WhichOneof('event')
        if kind == 'element_event':
            coder = SafeFastPrimitivesCoder()
            elements = [(repr(coder.decode(e.encoded_element)), e.timestamp) for e in event.element_event.elements]
            print(json.dumps({'elements': elements, 'tag': event.element_event.tag}))
        elif kind == 'watermark_event':
            print(json.dumps({'watermark': event.watermark_event.new_watermark}))
        else:
            print(json.dumps({'advance': event.processing_time_event.advance_duration}))


def parquet(file):
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(file)
    print(json.dumps({field.name: str(field.type) for field in table.schema}))
    for row in table.to_pylist():
        print(json.dumps({name: value if isinstance(value, (int, float, str)) or value is None else str(value)
                          for name, value in row.items()}))


{'write': write, 'read': read, 'parquet': parquet}[sys.argv[1]](*sys.argv[2:])
