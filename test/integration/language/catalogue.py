"""Tells of each catalogued transform what the installed apache-beam has under its names.

Reads JSON from stdin: [{"name": ..., "aliases": [...]}]. Writes JSON: for each the parameters, which aliases
are the same object, and, where it can be constructed here, its label and whether its output is bounded.
"""

import ast
import importlib
import importlib.util
import inspect
import json
import logging
import sys
import warnings

warnings.simplefilter('ignore')
logging.disable(logging.CRITICAL)

import apache_beam as beam  # noqa: E402

TOPIC = 'projects/some-project/topics/some-topic'
SERVICE = 'localhost:1'
# Arguments with which a transform can be constructed without a service to talk to.
CONSTRUCTED = {
    'apache_beam.io.gcp.pubsub.ReadFromPubSub': [{'topic': TOPIC}],
    'apache_beam.io.gcp.pubsub.ReadStringsFromPubSub': [{'topic': TOPIC}],
    'apache_beam.io.external.gcp.pubsub.ReadFromPubSub': [{'topic': TOPIC, 'expansion_service': SERVICE}],
    'apache_beam.io.flink.flink_streaming_impulse_source.FlinkStreamingImpulseSource': [{}],
    'apache_beam.io.kafka.ReadFromKafka': [
        {'consumer_config': {'a': 'b'}, 'topics': ['t'], 'expansion_service': SERVICE},
        {'consumer_config': {'a': 'b'}, 'topics': ['t'], 'with_metadata': True, 'expansion_service': SERVICE},
    ],
    'apache_beam.io.kinesis.ReadDataFromKinesis': [{
        'stream_name': 's', 'aws_access_key': 'a', 'aws_secret_key': 'b', 'region': 'r', 'expansion_service': SERVICE}],
    'apache_beam.io.gcp.spanner.ReadChangeStreamFromSpanner': [{
        'project_id': 'p', 'instance_id': 'i', 'database_id': 'd', 'changeStreamName': 'c', 'metadataDatabase': 'm',
        'metadataInstance': 'm', 'inclusiveStartAt': '2020', 'expansion_service': SERVICE}],
    'apache_beam.io.external.generate_sequence.GenerateSequence': [{'start': 0, 'expansion_service': SERVICE}],
    'apache_beam.transforms.xlang.io.GenerateSequence': [{'start': 0, 'expansion_service': SERVICE}],
    'apache_beam.transforms.external.ExternalTransform': [
        {'urn': 'beam:transform:org.apache.beam:kafka_read:v1', 'payload': None, 'expansion_service': SERVICE}],
    'apache_beam.transforms.external.SchemaAwareExternalTransform': [
        {'identifier': 'beam:schematransform:org.apache.beam:kafka_read:v1', 'expansion_service': SERVICE}],
    'apache_beam.transforms.external.JavaExternalTransform': [
        {'class_name': 'org.apache.beam.sdk.io.kafka.KafkaIO', 'expansion_service': SERVICE}],
    'apache_beam.io.jdbc.ReadFromJdbc': [{
        'table_name': 't', 'driver_class_name': 'c', 'jdbc_url': 'u', 'username': 'n', 'password': 'p',
        'expansion_service': SERVICE}],
    'apache_beam.transforms.periodicsequence.PeriodicImpulse': [{}],
    'apache_beam.io.fileio.MatchContinuously': [{'file_pattern': '/tmp/*'}],
    'apache_beam.io.textio.ReadAllFromTextContinuously': [{'file_pattern': '/tmp/*'}],
    'apache_beam.io.avroio.ReadAllFromAvroContinuously': [{'file_pattern': '/tmp/*'}],
    'apache_beam.ml.inference.utils.WatchFilePattern': [{'file_pattern': '/tmp/*'}],
    'apache_beam.transforms.managed.Read': [{'source': 'kafka', 'config': {}}],
    'apache_beam.transforms.core.Create': [{'values': [1]}],
    'apache_beam.transforms.core.Impulse': [{}],
    'apache_beam.io.textio.ReadFromText': [{'file_pattern': __file__}],
    'apache_beam.io.textio.ReadFromTextWithFilename': [{'file_pattern': __file__}],
    'apache_beam.io.avroio.ReadFromAvro': [{'file_pattern': __file__}],
    'apache_beam.io.fileio.MatchFiles': [{'file_pattern': '/tmp/*'}],
}


def find(name):
  module, attribute = name.rsplit('.', 1)
  if name == 'apache_beam.managed.Read':
    return beam.managed.Read
  return getattr(importlib.import_module(module), attribute)


def parameters(name, found):
  if found is not None:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [p.name for p in inspect.signature(found).parameters.values() if p.kind in kinds]
  # Its module needs a package that is not installed: the source text tells.
  module, attribute = name.rsplit('.', 1)
  with open(importlib.util.find_spec(module).origin, encoding='utf-8') as source:
    tree = ast.parse(source.read())
  for node in ast.walk(tree):
    if isinstance(node, ast.ClassDef) and node.name == attribute:
      for method in node.body:
        if isinstance(method, ast.FunctionDef) and method.name == '__init__':
          return [arg.arg for arg in method.args.args[1:]]
  raise LookupError(f'{name} is not in {module}')


def construct(name, found):
  made = []
  for arguments in CONSTRUCTED.get(name, []):
    transform = found(**arguments)
    one = {'arguments': {k: repr(v) for k, v in arguments.items()}, 'label': transform.label}
    if SERVICE not in arguments.values() and 'managed' not in name:
      one['bounded'] = (beam.Pipeline() | transform).is_bounded
    made.append(one)
  return made


result = []
for entry in json.load(sys.stdin):
  name = entry['name']
  try:
    found = find(name)
  except ModuleNotFoundError as error:
    if error.name and error.name.startswith('apache_beam'):
      raise
    found = None
  result.append({
      'name': name,
      'importable': found is not None,
      'parameters': parameters(name, found),
      'same': [alias for alias in entry['aliases'] if found is not None and find(alias) is found],
      'constructed': construct(name, found),
  })
json.dump(result, sys.stdout)
