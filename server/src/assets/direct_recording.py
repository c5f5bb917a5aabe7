"""Records, or tells, a PCollection in the direct runner: its elements go to Beam Rewind's process, with its watermark if
it is recorded.

Elements are sent as a portable runner would send them: windowed values, each element encoded by the PCollection's coder
and prefixed with its length. A bundle is done when they are written.
"""

import functools
import secrets

import apache_beam as beam
import grpc
from apache_beam.coders.coder_impl import create_OutputStream
from apache_beam.coders.coders import GlobalWindowCoder
from apache_beam.coders.coders import LengthPrefixCoder
from apache_beam.coders.coders import WindowedValueCoder
from apache_beam.portability.api import beam_fn_api_pb2
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.testing.test_stream import PairWithTiming
from apache_beam.transforms.ptransform import PTransform
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import TimerSpec
from apache_beam.transforms.userstate import on_timer
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import MIN_TIMESTAMP
from apache_beam.utils.timestamp import Timestamp
from apache_beam.utils.windowed_value import WindowedValue
from google.protobuf import empty_pb2

SERVICE = '/beam_rewind.record.v1.RecordService/'
# More than this of a bundle is sent before its end, bytes.
PART_BYTES = 1 << 20


class SentOutput:
    """One PCollection and where it is sent. DoFns are pickled for every bundle: they find theirs by its name."""

    ALL = {}

    def __init__(self, name, coder, window_coder, endpoint):
        self.name = name
        self._coder = WindowedValueCoder(LengthPrefixCoder(coder), window_coder).get_impl()
        self._record = channel_to(endpoint).unary_unary(
            SERVICE + 'Record', beam_fn_api_pb2.Elements.Data.SerializeToString, empty_pb2.Empty.FromString)
        SentOutput.ALL[name] = self

    def encode(self, windowed_value, out):
        self._coder.encode_to_stream(windowed_value, out, True)

    def send(self, bundle, data, is_last):
        self._record(
            beam_fn_api_pb2.Elements.Data(transform_id=self.name, instruction_id=bundle, data=data, is_last=is_last))


class RecordedOutput(SentOutput):
    """One that is recorded, with its watermark."""

    def __init__(self, name, coder, endpoint, resolution_micros):
        super().__init__(name, coder, GlobalWindowCoder(), endpoint)
        self.resolution_micros = resolution_micros
        # As the runner saw it, µs. It is where a bundle finds it, and where a timer found that it had passed.
        self.watermark = MIN_TIMESTAMP.micros
        self.is_observed = False
        self._advance = channel_to(endpoint).unary_unary(
            SERVICE + 'AdvanceWatermark',
            beam_runner_api_pb2.TestStreamPayload.Event.AdvanceWatermark.SerializeToString,
            empty_pb2.Empty.FromString)

    def advance(self, watermark):
        """Tells a watermark, µs, if it is a new one."""
        if watermark > self.watermark:
            self.watermark = watermark
            event = beam_runner_api_pb2.TestStreamPayload.Event.AdvanceWatermark(new_watermark=watermark, tag=self.name)
            self._advance(event)


@functools.lru_cache(maxsize=None)
def channel_to(endpoint):
    return grpc.insecure_channel(endpoint, [('grpc.max_send_message_length', -1)])


class Record(PTransform):
    """Elements are recorded first, then the watermark that has passed them."""

    def __init__(self, coder, output, endpoint, resolution_micros):
        super().__init__()
        self._output = RecordedOutput(output, coder, endpoint, resolution_micros).name

    def expand(self, pcollection):
        kick = pcollection | PairWithTiming() | beam.ParDo(RecordElements(self._output)).with_output_types(tuple[str, int])
        return kick | beam.ParDo(ObserveWatermark(self._output))


class Tell(PTransform):
    """Elements are sent with their windows."""

    def __init__(self, coder, output, endpoint):
        super().__init__()
        self._told = output, coder, endpoint

    def expand(self, pcollection):
        output, coder, endpoint = self._told
        window_coder = pcollection.windowing.windowfn.get_window_coder()
        return pcollection | beam.ParDo(TellElements(SentOutput(output, coder, window_coder, endpoint).name))


class SendElements(beam.DoFn):
    """Sends the elements of a bundle, in parts, and ends the bundle when they have arrived."""

    def __init__(self, output):
        self._name = output

    def start_bundle(self):
        self._output = SentOutput.ALL[self._name]
        self._bundle = secrets.token_hex(8)
        self._out = create_OutputStream()
        self._is_sent = False

    def send(self, *windowed_value):
        self._output.encode(WindowedValue(*windowed_value), self._out)
        if self._out.size() >= PART_BYTES:
            self._output.send(self._bundle, self._out.get(), False)
            self._is_sent = True
            self._out = create_OutputStream()

    def finish_bundle(self):
        if self._out.size() > 0 or self._is_sent:
            self._output.send(self._bundle, self._out.get(), True)


class TellElements(SendElements):
    def process(
            self,
            element,
            timestamp=beam.DoFn.TimestampParam,
            window=beam.DoFn.WindowParam,
            pane=beam.DoFn.PaneInfoParam):
        self.send(element, timestamp, (window,), pane)


class RecordElements(SendElements):
    """Sends elements, behind the watermark that they met. The first starts the observer behind it."""

    def process(self, timed, timestamp=beam.DoFn.TimestampParam, pane=beam.DoFn.PaneInfoParam):
        element, timing = timed
        self._output.advance(timing.watermark.micros)
        self.send(element, timestamp, (GlobalWindow(),), pane)
        if not self._output.is_observed:
            self._output.is_observed = True
            yield ('w', 0)


class ObserveWatermark(beam.DoFn):
    """Timers in event time, at growing distance, find the watermark while no elements tell of it."""

    LADDER = TimerSpec('ladder', TimeDomain.WATERMARK)

    def __init__(self, output):
        self._name = output

    def process(self, _kick, timestamp=beam.DoFn.TimestampParam, ladder=beam.DoFn.TimerParam(LADDER)):
        self._set(ladder, timestamp.micros)

    @on_timer(LADDER)
    def passed(self, timestamp=beam.DoFn.TimestampParam, ladder=beam.DoFn.TimerParam(LADDER)):
        output = SentOutput.ALL[self._name]
        output.advance(timestamp.micros)
        if timestamp < GlobalWindow().max_timestamp():
            self._set(ladder, output.watermark)

    def _set(self, ladder, watermark):
        resolution = SentOutput.ALL[self._name].resolution_micros
        end = GlobalWindow().max_timestamp().micros
        start = watermark // resolution * resolution
        ahead = resolution
        rung = 0
        while start + ahead < end:
            ladder.set(Timestamp(micros=start + ahead), dynamic_timer_tag=str(rung))
            ahead *= 2
            rung += 1
        ladder.set(Timestamp(micros=end), dynamic_timer_tag='end')
