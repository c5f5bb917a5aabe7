"""Prints the events of a served recording: python test_stream_client.py HOST:PORT [OUTPUT ...]"""
import sys

import grpc
from apache_beam.portability.api import beam_interactive_api_pb2
from apache_beam.portability.api import beam_interactive_api_pb2_grpc

endpoint, outputs = sys.argv[1], sys.argv[2:]
with grpc.insecure_channel(endpoint) as channel:
    service = beam_interactive_api_pb2_grpc.TestStreamServiceStub(channel)
    request = beam_interactive_api_pb2.EventsRequest(output_ids=outputs)
    for event in service.Events(request):
        if event.HasField("element_event"):
            for element in event.element_event.elements:
                print("element", event.element_event.tag, element.encoded_element, element.timestamp)
        elif event.HasField("watermark_event"):
            print("watermark", event.watermark_event.tag, event.watermark_event.new_watermark)
        else:
            print("processing time", event.processing_time_event.advance_duration)
