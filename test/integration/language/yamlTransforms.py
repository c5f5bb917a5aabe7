"""What the installed apache-beam offers as Beam YAML transforms, as JSON: facts, no prose.

For each type: the languages it can be written in, whether it needs no input, where it is implemented, and the JSON
schema of its config. A key is required when every implementation requires it. Implementations in Java are asked
nothing (their jars are not here): of these only the names of keys are known, which the providers' files tell.
"""

import collections
import inspect
import json
import logging
import sys
import warnings

warnings.simplefilter('ignore')
logging.disable(logging.CRITICAL)

from apache_beam.yaml import json_utils  # noqa: E402
from apache_beam.yaml import yaml_provider  # noqa: E402

# Languages whose name is part of a provider's type.
LANGUAGES = ('python', 'javascript', 'java', 'generic', 'sql', 'calcite')
ERROR_HANDLING = {'type': 'object', 'properties': {'output': {'type': 'string'}}, 'required': ['output']}


def plain(schema):
  """Without the members that only Beam's own loader adds."""
  if isinstance(schema, dict):
    return {k: plain(v) for k, v in schema.items() if k not in ('__line__', '__uuid__') and not (k == 'properties' and not plain(v))}
  if isinstance(schema, list):
    return [plain(one) for one in schema]
  return schema


def parameters(factory):
  if isinstance(factory, type):
    factory = factory.__init__
  return {
      name: parameter for name, parameter in inspect.signature(factory).parameters.items()
      if name not in ('self', 'pcoll', 'p', 'pbegin') and parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
  }


def inline(provider, typ, skip=0):
  factory = provider._transform_factories[typ] if hasattr(provider, '_transform_factories') else provider._transforms[typ]
  schema = provider.config_schema(typ)
  types = {field.name: plain(json_utils.beam_type_to_json_type(field.type)) for field in schema.fields}
  own = dict(list(parameters(factory).items())[skip:])
  isOpen = any(p.kind == p.VAR_KEYWORD for p in inspect.signature(factory).parameters.values())
  properties = {}
  required = []
  for name in types:
    if name in ('mapping_args', 'kwargs') and name not in own and isOpen:
      continue
    parameter = own.get(name)
    properties[name] = dict(types[name])
    if parameter is not None and parameter.default is not parameter.empty:
      if isinstance(parameter.default, (str, int, float, bool)):
        properties[name]['default'] = parameter.default
    elif parameter is not None:
      required.append(name)
  return properties, required, isOpen


def described(provider, typ):
  """Properties, the required ones, whether there may be others, and the SDK."""
  if isinstance(provider, yaml_provider.RenamingProvider):
    names = provider._mappings[typ]
    under = provider._underlying_provider
    hidden = provider._defaults.get(typ, {})
    if isinstance(under, yaml_provider.ExternalProvider):
      return {name: {} for name, to in names.items() if to not in hidden}, None, True, 'java'
    types, required, _ = inline(under, provider._transforms[typ])
    properties = {name: types.get(to, {}) for name, to in names.items() if to not in hidden}
    return properties, [name for name, to in names.items() if to in required], True, 'python'
  if isinstance(provider, yaml_provider.SqlBackedProvider):
    return (*inline(provider, typ, skip=1), 'sql')
  if isinstance(provider, yaml_provider.InlineProvider):
    return (*inline(provider, typ), 'python')
  return {}, None, True, 'java'


def main():
  grouped = collections.defaultdict(list)
  for typ, providers in yaml_provider.standard_providers().items():
    base, _, language = typ.partition('-')
    for provider in providers:
      grouped[base].append((typ, language, provider))
  result = {}
  for base, offers in sorted(grouped.items()):
    properties, required, languages, sdks, isOpen, isRoot = {}, None, [], [], False, False
    for typ, language, provider in offers:
      own, needed, more, sdk = described(provider, typ)
      for name, schema in own.items():
        properties.setdefault(name, {})
        if len(schema) > len(properties[name]):
          properties[name] = schema
      if needed is None and base.startswith(('Read', 'Write')):
        required = set()
      elif needed is not None:
        required = set(needed) if required is None else required & set(needed)
      isOpen = isOpen or (more and bool(own))
      if language and language not in languages:
        languages.append(language)
      if sdk not in sdks:
        sdks.append(sdk)
      try:
        isRoot = isRoot or not provider.requires_inputs(typ, {})
      except Exception:
        isRoot = isRoot or typ.startswith('Read')
    if base == 'Combine':
      # A short form is allowed, which Beam expands before it looks at the types: `total: sum`.
      properties['combine'] = {'type': 'object'}
    if 'error_handling' in properties:
      properties['error_handling'] = ERROR_HANDLING
    if languages:
      properties['language'] = {'type': 'string', 'enum': sorted(languages)}
    isKnown = bool(properties) or sdks != ['java']
    config = {'type': 'object'}
    if properties:
      config['properties'] = properties
    if required:
      config['required'] = sorted(required)
    if isKnown and not isOpen:
      config['additionalProperties'] = False
    result[base] = {'sdks': sorted(sdks), **({'root': True} if isRoot else {}), 'config': config}
  json.dump(result, sys.stdout, indent=1, sort_keys=False)


main()
