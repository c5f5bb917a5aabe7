"""Beam's TestStreamService, served by Interactive Beam and read by a client.

test_stream_service.py cache FOLDER ID COUNT SIZE  writes a cache of elements in events of a size
test_stream_service.py serve FOLDER                serves it, prints the endpoint, ends with its input
test_stream_service.py read ENDPOINT ID            reads all events of an output, prints the seconds and the elements
"""

import sys
import time

import apache_beam as beam
import grpc
from apache_beam.portability.api import beam_interactive_api_pb2
from apache_beam.portability.api import beam_interactive_api_pb2_grpc
from apache_beam.portability.api import beam_runner_api_pb2


def write_cache(folder, output, count, size):
    from apache_beam.runners.interactive.caching.streaming_cache import StreamingCache
    TestStreamFileHeader = beam_interactive_api_pb2.TestStreamFileHeader
    TestStreamFileRecord = beam_interactive_api_pb2.TestStreamFileRecord
    TestStreamPayload = beam_runner_api_pb2.TestStreamPayload
    encode = beam.coders.FastPrimitivesCoder().encode
    element = TestStreamPayload.TimestampedElement

    def events():
        yield TestStreamFileHeader(tag=output)
        for start in range(0, count, size):
            elements = [
                element(encoded_element=encode(f'{index:0100}'), timestamp=index * 1000)
                for index in range(start, start + size)
            ]
            payload = TestStreamPayload.Event.AddElements(elements=elements)
            yield TestStreamFileRecord(recorded_event=TestStreamPayload.Event(element_event=payload))
            advance = TestStreamPayload.Event.AdvanceProcessingTime(advance_duration=1000)
            yield TestStreamFileRecord(recorded_event=TestStreamPayload.Event(processing_time_event=advance))

    cache = StreamingCache(folder)
    cache.write(events(), 'full', output)


def serve(folder):
    from apache_beam.runners.interactive.caching.streaming_cache import StreamingCache
    from apache_beam.testing.test_stream_service import TestStreamServiceController
    controller = TestStreamServiceController(StreamingCache(folder, is_cache_complete=lambda _: True))
    controller.start()
    print(controller.endpoint, flush=True)
    sys.stdin.read()
    controller.stop()


def read(endpoint, output):
    begun = time.time()
    elements = 0
    with grpc.insecure_channel(endpoint) as channel:
        service = beam_interactive_api_pb2_grpc.TestStreamServiceStub(channel)
        for event in service.Events(beam_interactive_api_pb2.EventsRequest(output_ids=[output])):
            elements += len(event.element_event.elements)
    print(time.time() - begun, elements)


if __name__ == '__main__':
    verb, args = sys.argv[1], sys.argv[2:]
    if verb == 'cache':
        write_cache(args[0], args[1], int(args[2]), int(args[3]))
    elif verb == 'serve':
        serve(*args)
    else:
        read(*args)
