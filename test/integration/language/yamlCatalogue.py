"""Builds each Beam YAML read of the installed apache-beam, runs none, and tells whether what it gives ends.

Reads JSON from stdin: [{"type": ..., "config": ...}], in which `{folder}` stands for one with files `a.txt`, `a.avro` ….
Writes JSON: for each {"label", "bounded"} of its first output, or {"error"} with Beam's reason why it builds none.
"""

import json
import logging
import os
import re
import sys
import tempfile
import warnings

warnings.simplefilter('ignore')
logging.disable(logging.CRITICAL)

import apache_beam as beam  # noqa: E402
import fastavro  # noqa: E402
import pyarrow  # noqa: E402
import pyarrow.parquet  # noqa: E402
from apache_beam.options.pipeline_options import PipelineOptions  # noqa: E402
from apache_beam.portability.api import beam_runner_api_pb2  # noqa: E402
from apache_beam.transforms.external import BeamJarExpansionService  # noqa: E402
from apache_beam.yaml import yaml_provider  # noqa: E402
from apache_beam.yaml import yaml_transform  # noqa: E402

NO_JAVA = 'no expansion service'


def refuse(*_, **__):
  raise RuntimeError(NO_JAVA)


# Nothing is downloaded, no expansion service is started: what is in Java builds none.
yaml_provider.shutil.which = lambda _: None
BeamJarExpansionService.__init__ = refuse


def write_files(folder):
  def path(name):
    return os.path.join(folder, f'a.{name}')

  with open(path('txt'), 'w') as file:
    file.write('a\n1\n')
  with open(path('json'), 'w') as file:
    file.write('{"a": 1}\n')
  with open(path('avro'), 'wb') as file:
    schema = {'type': 'record', 'name': 'r', 'fields': [{'name': 'a', 'type': 'long'}]}
    fastavro.writer(file, schema, [{'a': 1}])
  pyarrow.parquet.write_table(pyarrow.table({'a': [1]}), path('parquet'))


def bounded(typ, config):
  pipeline = beam.Pipeline(options=PipelineOptions(pickle_library='cloudpickle'))
  # A `PyTransform` is a root only when it is told so.
  spec = {'type': typ, 'config': config, **({'input': {}} if typ == 'PyTransform' else {})}
  text = json.dumps({'pipeline': {'type': 'composite', 'transforms': [spec]}})
  loaded = yaml_transform.yaml.load(text, Loader=yaml_transform.SafeLineLoader)
  yaml_transform.expand_pipeline(pipeline, loaded)
  components = pipeline.to_runner_api().components
  tops = [one for one in components.transforms.values() if one.unique_name and '/' not in one.unique_name]
  # Beam expands some reads into several transforms one after the other: the last gives what the read gives.
  consumed = {id for one in tops for id in one.inputs.values()}
  for top in tops:
    for id in top.outputs.values():
      if id not in consumed:
        is_bounded = components.pcollections[id].is_bounded == beam_runner_api_pb2.IsBounded.BOUNDED
        return {'label': re.sub(r'\|.*', '', top.unique_name), 'bounded': is_bounded}
  raise LookupError(f'{typ} gives nothing')


def built(case):
  try:
    return bounded(case['type'], case['config'])
  except Exception as error:  # pylint: disable=broad-except
    return {'error': str(error)}


with tempfile.TemporaryDirectory() as folder:
  write_files(folder)
  cases = json.loads(sys.stdin.read().replace('{folder}', folder))
  json.dump([built(case) for case in cases], sys.stdout)
