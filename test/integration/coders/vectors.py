"""Elements as the installed apache-beam encodes them, with their coders as pipelines carry them.

Prints JSON lines: name, coderId, coders {id: [urn, payload, components]}, nested and outer encoding
(hex), and the value, tagged with what it should be decoded to.
"""
import dataclasses
import datetime
import decimal
import enum
import json
import struct
import typing

import apache_beam as beam
import numpy
from apache_beam.coders import coder_impl, coders
from apache_beam.coders.typecoders import registry
from apache_beam.coders.row_coder import RowCoder
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import schema_pb2
from apache_beam.runners import pipeline_context
from apache_beam.transforms.window import GlobalWindow, IntervalWindow
from apache_beam.utils.sharded_key import ShardedKey
from apache_beam.utils.timestamp import Duration, Timestamp
from apache_beam.utils.windowed_value import PaneInfo, PaneInfoTiming, create
from google.protobuf import wrappers_pb2


class Plain:
  def __init__(self):
    self.a = 1


class Color(enum.Enum):
  RED = 'red'


@dataclasses.dataclass(frozen=True)
class Point:
  x: int
  label: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class NamedPoint:
  x: int
  label: str


class Pair(typing.NamedTuple):
  left: int
  right: str


class Stateful:
  def __init__(self, state):
    self.state = state

  def __getstate__(self):
    return self.state

  def __setstate__(self, state):
    self.state = state


class Ride(typing.NamedTuple):
  id: int
  driver: typing.Optional[str]
  fare: float
  tags: typing.Sequence[str]
  counts: typing.Mapping[str, int]
  at: Timestamp
  price: decimal.Decimal
  small: numpy.int16
  medium: numpy.int32
  tiny: numpy.int8
  single: numpy.float32
  raw: bytes
  done: bool
  anything: typing.Any
  day: datetime.date
  perhaps: typing.Sequence[typing.Optional[int]]


registry.register_coder(Ride, RowCoder)


class UpperCoder(coders.Coder):
  """A user's own coder."""
  def encode(self, value):
    return value.upper().encode('ascii')

  def decode(self, value):
    return value.decode('ascii')

  def is_deterministic(self):
    return True


def tagged(value):
  """What the value should be decoded to, by its Python type."""
  kind = type(value)
  if value is None:
    return ['none']
  if kind is bool:
    return ['bool', value]
  if kind is int or isinstance(value, numpy.integer):
    return ['int', str(int(value))]
  if kind is float or isinstance(value, numpy.floating):
    return ['float', struct.pack('>d', float(str(value))).hex()]
  if kind is str:
    return ['text', value]
  if kind is bytes:
    return ['bytes', value.hex()]
  if kind is list:
    return ['list', [tagged(item) for item in value]]
  if kind is tuple:
    return ['tuple', [tagged(item) for item in value]]
  if kind is set:
    return ['set', [tagged(item) for item in value]]
  if kind is dict:
    return ['map', [[tagged(key), tagged(item)] for key, item in value.items()]]
  if kind is decimal.Decimal:
    sign, digits, exponent = value.as_tuple()
    unscaled = int(''.join(map(str, digits))) * (-1 if sign else 1)
    return ['decimal', str(unscaled), -exponent]
  if kind is datetime.date:
    return ['date', str((value - datetime.date(1970, 1, 1)).days)]
  if kind is Timestamp:
    return ['timestamp', str(value.micros), 6]
  if hasattr(value, '_fields'):
    return row(zip(value._fields, value))
  if kind is beam.Row:
    return row(value.as_dict().items())
  raise TypeError(kind)


def row(fields):
  return ['row', [[name, tagged(value)] for name, value in fields]]


def kv(key, value):
  return ['kv', tagged(key), tagged(value)]


def pickled(value):
  return ['pickle', '%s.%s' % (type(value).__module__, type(value).__qualname__)]


def millis(timestamp):
  return ['timestamp', str(timestamp.micros // 1000), 3]


def obj(form, value, items, names=None):
  encoded = deterministic.encode(value)
  pickled_type = coder_impl.create_InputStream(encoded[1:]).read_all(True)
  return ['object', form, pickled_type.hex(), items, names]


def emit(name, coder, value, expected=None):
  context = pipeline_context.PipelineContext()
  coder_id = context.coders.get_id(coder)
  protos = context.to_runner_api().coders
  out = coder_impl.create_OutputStream()
  coder.get_impl().encode_to_stream(value, out, True)
  outer = coder.encode(value)
  print(
      json.dumps({
          'name': name,
          'coderId': coder_id,
          'coders': {
              id: [
                  proto.spec.urn,
                  proto.spec.payload.hex(),
                  list(proto.component_coder_ids)
              ]
              for id, proto in protos.items()
          },
          'nested': out.get().hex(),
          'outer': outer.hex(),
          'value': expected() if callable(expected) else expected or tagged(value),
      }))


def emit_created(name, values, expected=None):
  """Elements of a PCollection in the coder that a pipeline gives it."""
  pipeline = beam.Pipeline(options=PipelineOptions([]))
  pcollection = pipeline | beam.Create(values)
  coder = registry.get_coder(pcollection.element_type)
  for index, value in enumerate(values):
    emit('Create(%s) %d' % (name, index), coder, value, expected and expected(value))


def as_pair(value):
  return kv(*value)


emit_created('int', [0, 1, -1, 127, 128, 2**31, -2**63, 2**63 - 1])
emit_created('float', [0.0, 1.5, -0.1, 1e300, float('inf')])
emit_created('str', ['', 'abc', 'naïve 光线 \U0001f600', '\ufeffx\0'])
emit_created('bytes', [b'', b'abc', bytes(range(256))])
emit_created('bool', [True, False])
emit_created('pairs', [('a', 1), ('', -5)], as_pair)
emit_created('pairs of bytes', [(b'a', b'b')], as_pair)
emit_created('triples', [('a', 1, 2.0)])
emit_created('nested pairs', [('a', ('b', b'c'))], lambda v: ['kv', tagged(v[0]), kv(*v[1])])
emit_created('lists', [[1, 2, 3], []])
emit_created('dicts', [{'a': 1, 'b': -2}, {'c': 3}])
emit_created('optional', [1, None])
emit_created('mixed', [1, 'x', 2.5, None, b'\xff', True, (1, 'a')])
emit_created('mixed dicts', [{'a': 1, 'b': 'x', 3: [1, None]}, 'not a dict'])
emit_created('rows', [beam.Row(a=1, b='x', c=Timestamp(1.5)), beam.Row(a=-1, b='', c=Timestamp(0))])
emit_created('timestamps', [Timestamp(1.5)], pickled)
emit_created('objects', [Plain()], pickled)

ride = Ride(
    id=7,
    driver='Ann',
    fare=12.5,
    tags=['a', 'b'],
    counts={'x': 1, 'y': 2},
    at=Timestamp(micros=-1_500_001),
    price=decimal.Decimal('-100.123'),
    small=numpy.int16(-3),
    medium=numpy.int32(-70000),
    tiny=numpy.int8(5),
    single=numpy.float32(0.1),
    raw=b'\0\1',
    done=True,
    anything={'deep': [1, None]},
    day=datetime.date(1969, 12, 31),
    perhaps=[1, None, 3])
emit_created('named tuples', [ride, ride._replace(driver=None, anything=None)])

anything = coders.FastPrimitivesCoder()
for index, value in enumerate([
    None, 1, -1, 2**62, 1.5, b'b', 'text', True, False, [], [1, [2, [3]]], (1, ), (), {1, 2}, set(),
    {}, {'k': {'n': (1, None)}}, {(1, 2): b'x'}
]):
  emit('FastPrimitivesCoder %d' % index, anything, value)
for value in [Plain(), Duration(2), datetime.datetime(2020, 1, 1), decimal.Decimal('1.5'), Color.RED,
              Pair(1, 'x'), Point(1, 'x'), frozenset([1])]:
  name = type(value).__name__
  expected = ['pickle', 'set'] if name == 'frozenset' else pickled(value)
  emit('FastPrimitivesCoder of %s' % name, anything, value, expected)
emit('FastPrimitivesCoder of a large int', anything, 2**64, ['pickle', 'int'])
emit('FastPrimitivesCoder of an iterable', anything, coder_impl._AbstractIterable([1, 'a']),
     tagged([1, 'a']))

deterministic = anything.as_deterministic_coder('a step')
label = tagged(1), tagged('x')
emit('deterministic dict', deterministic, {'b': 1, 'a': 2}, tagged({'a': 2, 'b': 1}))
emit('deterministic dataclass', deterministic, Point(1, 'x'),
     lambda: obj('dataclass', Point(1, 'x'), label))
emit('deterministic dataclass with names', deterministic, NamedPoint(x=1, label='x'),
     lambda: obj('dataclass with names', NamedPoint(x=1, label='x'), label, ['x', 'label']))
emit('deterministic named tuple', deterministic, Pair(1, 'x'),
     lambda: obj('named tuple', Pair(1, 'x'), label))
emit('deterministic enum', deterministic, Color.RED,
     lambda: obj('enum', Color.RED, [tagged('red')]))
emit('deterministic object with state', deterministic, Stateful({'a': 1}),
     lambda: obj('state', Stateful(None), [tagged({'a': 1})]))
message = wrappers_pb2.Int64Value(value=5)
emit('deterministic message', deterministic, message,
     lambda: obj('proto', message, [tagged(message.SerializeToString())]))

emit('PickleCoder', coders.PickleCoder(), Plain(), pickled(Plain()))
emit('ProtoCoder', coders.ProtoCoder(wrappers_pb2.Int64Value), message,
     ['opaque bytes', 'ProtoCoder', message.SerializeToString().hex()])
emit('a coder of the user', UpperCoder(), 'abc', ['opaque', 'UpperCoder', b'ABC'.hex()])
emit('length-prefixed coder of the user', coders.LengthPrefixCoder(UpperCoder()), 'abc',
     ['opaque', 'UpperCoder', b'ABC'.hex()])
for micros in [0, 1_500_000, -1_500_000]:
  emit('TimestampCoder', coders.TimestampCoder(), Timestamp(micros=micros), millis(Timestamp(micros=micros)))
for value in [0, 127, 128, -128, -129, 255, 2**100, -2**100]:
  emit('BigIntegerCoder', coders.BigIntegerCoder(), value)
for value in ['0', '0.0', '1.50', '-100.123', '1E+3', '123456789012345678901234567.5']:
  emit('DecimalCoder', coders.DecimalCoder(), decimal.Decimal(value))
for value in [0, 32767, -32768]:
  emit('BigEndianShortCoder', coders.BigEndianShortCoder(), value)
for value in [0, 2**31 - 1, -2**31]:
  emit('VarInt32Coder', coders.VarInt32Coder(), value)
emit('SinglePrecisionFloatCoder', coders.SinglePrecisionFloatCoder(), numpy.float32(3.1415))
emit('MapCoder', coders.MapCoder(coders.StrUtf8Coder(), coders.NullableCoder(coders.BytesCoder())),
     {'a': b'x', 'b': None})
emit('ListCoder of rows', coders.ListCoder(RowCoder(schema_pb2.Schema(id='r', fields=[
    schema_pb2.Field(name='n', type=schema_pb2.FieldType(atomic_type=schema_pb2.INT64))]))),
     [beam.Row(n=1)])
emit('TupleSequenceCoder', coders.TupleSequenceCoder(coders.TupleCoder([coders.StrUtf8Coder(), anything])),
     (('a', 1), ), ['list', [['tuple', [tagged('a'), tagged(1)]]]])
for pane in [(True, True, PaneInfoTiming.UNKNOWN, 0, 0), (False, True, PaneInfoTiming.ON_TIME, 3, 3),
             (True, False, PaneInfoTiming.EARLY, 0, -1), (False, False, PaneInfoTiming.LATE, 300, 2)]:
  emit('PaneInfoCoder', coders.PaneInfoCoder(), PaneInfo(*pane),
       ['pane', pane[0], pane[1], PaneInfoTiming.to_string(pane[2]), str(pane[3]), str(pane[4])])
emit('ShardedKeyCoder', coders.ShardedKeyCoder(coders.StrUtf8Coder()), ShardedKey('k', b'\1\2'),
     ['sharded', '0102', tagged('k')])
global_window = ['global window']
interval = ['interval window', '1000', '3000']
emit('WindowedValueCoder', coders.WindowedValueCoder(coders.BytesCoder(), coders.GlobalWindowCoder()),
     create(b'x', 1_234_000, (GlobalWindow(), )), ['windowed', tagged(b'x'), '1234', [global_window]])
emit('WindowedValueCoder of intervals',
     coders.WindowedValueCoder(coders.VarIntCoder(), coders.IntervalWindowCoder()),
     create(5, -1_000, (IntervalWindow(1, 3), )), ['windowed', tagged(5), '-1', [interval]])

# Fields encoded in another order than they have in the schema, one of them null.
reordered = schema_pb2.Schema(id='reordered', encoding_positions_set=True)
for name, position, nullable in [('a', 2, True), ('b', 0, False), ('c', 1, True)]:
  reordered.fields.append(
      schema_pb2.Field(
          name=name,
          encoding_position=position,
          type=schema_pb2.FieldType(atomic_type=schema_pb2.INT64, nullable=nullable)))
for values in [(1, 2, 3), (None, 2, 3), (1, 2, None), (None, 2, None)]:
  value = beam.Row(a=values[0], b=values[1], c=values[2])
  emit('row in another order %s' % (values, ), RowCoder(reordered), value)
