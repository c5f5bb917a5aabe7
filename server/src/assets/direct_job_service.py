"""A JobService inside of the user's process, in front of the SDK's own runner for streams.

`BundleBasedDirectRunner` is no service and cannot be reached from outside. Here it takes a rewritten pipeline from Beam
Rewind's JobService, as any runner does, and runs it in the process that submitted it.
"""

import secrets
import threading
import time
import traceback

import grpc
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_job_api_pb2
from apache_beam.portability.api import beam_job_api_pb2_grpc
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.runners.portability.abstract_job_service import AbstractBeamJob
from apache_beam.runners.portability.abstract_job_service import AbstractJobServiceServicer
from apache_beam.utils import thread_pool_executor
from direct_pipeline import pipeline_from_proto
from direct_pipeline import user_metrics

JobState = beam_job_api_pb2.JobState


class ProgramRunnerOptions(PipelineOptions):
    """Tells Beam Rewind where the program's own runner is."""

    @classmethod
    def _add_argparse_args(cls, parser):
        parser.add_argument('--beam_rewind_runner', help='For Beam Rewind only: address and token of this JobService.')


class DirectJobService(AbstractJobServiceServicer):
    """Takes the pipelines that this process has offered, each once: who prepares one must know its token."""

    def __init__(self):
        super().__init__()
        self._offered = {}
        unlimited = [('grpc.max_receive_message_length', -1), ('grpc.max_send_message_length', -1)]
        self._server = grpc.server(thread_pool_executor.shared_unbounded_instance(), options=unlimited)
        self._port = self._server.add_insecure_port('127.0.0.1:0')
        beam_job_api_pb2_grpc.add_JobServiceServicer_to_server(self, self._server)
        self._server.start()

    def offer(self, options):
        """Marks the options of a pipeline that is about to be submitted: it may be run here."""
        token = secrets.token_hex(16)
        self._offered[token] = options
        options.view_as(ProgramRunnerOptions).beam_rewind_runner = '127.0.0.1:{} {}'.format(self._port, token)

    def create_beam_job(self, preparation_id, job_name, pipeline, options):
        token = options['beam:option:beam_rewind_runner:v1'].rpartition(' ')[2]
        if token not in self._offered:
            raise PermissionError('This pipeline was not submitted by this program.')
        return DirectJob(self._offered.pop(token), preparation_id, job_name, pipeline, options)

    def GetJobMetrics(self, request, context=None):
        metrics = self._jobs[request.job_id].metrics()
        return beam_job_api_pb2.GetJobMetricsResponse(metrics=beam_job_api_pb2.MetricResults(committed=metrics))


class DirectJob(AbstractBeamJob):
    """A pipeline in the direct runner. It can be cancelled, between two of its bundles."""

    def __init__(self, own_options, *submitted):
        super().__init__(*submitted)
        self._own_options = own_options
        self._result = None
        self._is_cancelled = False
        # Guards all of these. What was told is states with their times, and messages.
        self._changed = threading.Condition()
        self._told = self._state_history[:]

    def prepare(self):
        pass

    def artifact_staging_endpoint(self):
        return None

    def run(self):
        self.set_state(JobState.STARTING)
        threading.Thread(target=self._run, name='Beam Rewind job', daemon=True).start()

    def _run(self):
        try:
            result = self._start()
            if result is not None:
                result.wait_until_finish()
                self.set_state(JobState.DONE)
        except BaseException as error:  # a DoFn may raise anything
            if not self._is_cancelled:
                self._tell_error(error)
                self.set_state(JobState.FAILED)

    def _start(self):
        pipeline = pipeline_from_proto(self._pipeline_proto, self._own_options)
        with self._changed:
            if self._is_cancelled:
                return None
            self._result = BundleBasedDirectRunner().run_pipeline(pipeline, self._own_options)
        self.set_state(JobState.RUNNING)
        return self._result

    def cancel(self):
        with self._changed:
            if self._is_cancelled or self.is_terminal_state(self.state):
                return
            self._is_cancelled = True
        self.set_state(JobState.CANCELLING)
        threading.Thread(target=self._stop, name='Beam Rewind cancel', daemon=True).start()

    def _stop(self):
        if self._result is not None:
            # Waits for the bundle that is being processed.
            self._result.cancel()
        self.set_state(JobState.CANCELLED)

    def metrics(self):
        return [] if self._result is None else user_metrics(self._result.metrics().query())

    def set_state(self, new_state):
        with self._changed:
            # The first last state counts: a job that was cancelled may fail by that.
            if not self.is_terminal_state(self.state) and super().set_state(new_state) is not None:
                self._told.append(self.get_state())
                self._changed.notify_all()

    def _tell_error(self, error):
        message = beam_job_api_pb2.JobMessage(
            time=time.strftime('%Y-%m-%dT%H:%M:%S'),
            importance=beam_job_api_pb2.JobMessage.JOB_MESSAGE_ERROR,
            message_text=explained(error))
        with self._changed:
            self._told.append(message)
            self._changed.notify_all()

    def get_message_stream(self):
        at = 0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: len(self._told) > at)
                news = self._told[at:]
            at += len(news)
            for each in news:
                yield each
                if isinstance(each, tuple) and self.is_terminal_state(each[0]):
                    return

    def get_state_stream(self):
        return (each for each in self.get_message_stream() if isinstance(each, tuple))


STALLED = (
    'The direct runner of the Python SDK has stalled: its input has ended, and a watermark has not. It does so where '
    'elements wait for a late trigger that has not fired when the lateness allowed is over. Use another backend, Prism say.')

NOT_RUN = (
    'The direct runner of the Python SDK cannot run a transform of this pipeline: a splittable DoFn that is unbounded, '
    'PeriodicImpulse say. Use another backend, Prism say.')


def explained(error):
    """What is told of a job's failure. Of a stall the runner raises something that is no exception."""
    if isinstance(error, TypeError) and 'must derive from BaseException' in str(error):
        return STALLED
    if 'was not replaced as expected' in str(error):
        return '{} ({})'.format(NOT_RUN, error)
    return ''.join(traceback.format_exception(type(error), error, error.__traceback__)).rstrip()
