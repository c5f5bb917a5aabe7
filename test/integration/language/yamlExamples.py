"""Finds the Beam YAML in the installed apache-beam, its documentation and its tests, and what Beam itself says of it.

Writes JSON: [{"where": ..., "text": ..., "accepted": whether Beam builds the pipeline, "error": why not}].
"""

import glob
import json
import logging
import os
import re
import sys
import textwrap
import warnings

warnings.simplefilter('ignore')
logging.disable(logging.CRITICAL)

import apache_beam as beam  # noqa: E402
from apache_beam.options.pipeline_options import PipelineOptions  # noqa: E402
from apache_beam.yaml import yaml_provider  # noqa: E402
from apache_beam.yaml import yaml_transform  # noqa: E402

# No expansion service: what needs Java is not accepted.
yaml_provider.shutil.which = lambda _: None
FOLDER = os.path.dirname(yaml_transform.__file__)


def texts():
  for path in sorted(glob.glob(os.path.join(FOLDER, '**', '*.yaml'), recursive=True)):
    with open(path) as file:
      yield os.path.relpath(path, FOLDER), file.read()
  for path in sorted(glob.glob(os.path.join(FOLDER, 'docs', '*.md'))):
    with open(path) as file:
      content = file.read()
    for match in re.finditer(r'^```[^\n]*\n(.*?)^```', content, re.M | re.S):
      yield where(path, content, match), match.group(1)
  for path in sorted(glob.glob(os.path.join(FOLDER, '*.py'))):
    with open(path) as file:
      content = file.read()
    for match in re.finditer("'''(.*?)'''|\"\"\"(.*?)\"\"\"", content, re.S):
      text = textwrap.dedent('\n' + (match.group(1) or match.group(2) or '').lstrip('\n'))
      if 'type:' in text:
        yield where(path, content, match), text


def where(path, content, match):
  return f"{os.path.basename(path)}:{content[:match.start()].count(chr(10)) + 1}"


def as_pipeline(text):
  """A transform alone, as tests have them, is made the pipeline."""
  if re.search(r'^type: (?:composite|chain)', text, re.M) and not re.search('^pipeline:', text, re.M):
    return 'pipeline:\n  transforms:\n    -\n' + textwrap.indent(text, '      ')
  return text


def error_of(text):
  try:
    expanded = yaml_transform.expand_jinja(text, {})
    spec = yaml_transform.yaml.load(expanded, Loader=yaml_transform.SafeLineLoader)
    if not isinstance(spec, dict) or 'pipeline' not in spec:
      return 'no pipeline'
    yaml_transform.expand_pipeline(beam.Pipeline(options=PipelineOptions(pickle_library='cloudpickle')), spec)
    return None
  except Exception as error:
    return str(error)[:300]


result = []
for place, text in texts():
  text = as_pipeline(text)
  error = error_of(text)
  result.append({'where': place, 'text': text, 'accepted': error is None, 'error': error})
json.dump(result, sys.stdout)
