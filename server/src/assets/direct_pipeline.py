"""Pipelines that Beam Rewind's JobService has rewritten, as the direct runner of the SDK takes them.

Three transforms in them are not Beam's: one that records a PCollection, one that tells its elements, and one that decodes
the elements of a test stream, which has one coder for all of its outputs.
"""

import json

import apache_beam as beam
from apache_beam.metrics import monitoring_infos
from apache_beam.metrics.metric import MetricResults
from apache_beam.pipeline import Pipeline
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.transforms.ptransform import PTransform
from direct_recording import Record
from direct_recording import Tell

DECODE_URN = 'beam-rewind:transform:decode:v1'
# What is behind a PCollection and sends its elements away.
SINKS = {'beam-rewind:transform:record:v1': Record, 'beam-rewind:transform:output:v1': Tell}


def pipeline_from_proto(proto, options):
    """The Pipeline of a proto that may have several roots."""
    components = proto.components
    sinks = {id: one for id, one in components.transforms.items() if one.spec.urn in SINKS}
    roots = [id for id in proto.root_transform_ids if id not in sinks]
    for id in sinks:
        del components.transforms[id]
    components.transforms['beam-rewind:all'].CopyFrom(beam_runner_api_pb2.PTransform(subtransforms=roots))
    proto.root_transform_ids[:] = ['beam-rewind:all']
    pipeline, context = Pipeline.from_runner_api(proto, None, options, return_context=True)
    pipeline.runner = BundleBasedDirectRunner()
    for one in sinks.values():
        (pcollection_id,) = one.inputs.values()
        told = json.loads(one.spec.payload)
        coder = context.coders.get_by_id(told.pop('coder'))
        context.pcollections.get_by_id(pcollection_id) | one.unique_name >> SINKS[one.spec.urn](coder, **told)
    return pipeline


class DecodeElements(beam.DoFn):
    # The SDK pickles a DoFn for every bundle. A coder is looked up instead.
    CODERS = {}

    def __init__(self, coder):
        self._coder_id = id(coder)
        DecodeElements.CODERS[self._coder_id] = coder

    def process(self, encoded):
        yield DecodeElements.CODERS[self._coder_id].decode(encoded)


class Decode(beam.ParDo):
    """Elements of a test stream, by the coder of the output that they stand for; the payload is the coder's id."""

    def __init__(self, coder):
        super().__init__(DecodeElements(coder))

    @staticmethod
    @PTransform.register_urn(DECODE_URN, bytes)
    def from_runner_api_parameter(_transform, payload, context):
        return Decode(context.coders.get_by_id(payload.decode()))


def user_metrics(results):
    """The metrics of a program as its JobService tells them."""
    infos = []
    for result in results[MetricResults.COUNTERS] + results[MetricResults.DISTRIBUTIONS]:
        name = result.key.metric
        args = (name.namespace, name.name)
        if result in results[MetricResults.COUNTERS]:
            infos.append(monitoring_infos.int64_user_counter(*args, result.committed, ptransform=result.key.step))
        else:
            data = result.committed.data
            infos.append(monitoring_infos.int64_user_distribution(*args, data, ptransform=result.key.step))
    return infos
