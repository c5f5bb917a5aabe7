import type { DescFile, DescMessage } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { file_beam_fn } from '../../../server/src/beam/proto/beam/fn_pb.js';
import { file_beam_interactive } from '../../../server/src/beam/proto/beam/interactive_pb.js';
import { file_beam_job } from '../../../server/src/beam/proto/beam/job_pb.js';
import { file_beam_pipeline } from '../../../server/src/beam/proto/beam/pipeline_pb.js';
import { file_beam_provision } from '../../../server/src/beam/proto/beam/provision_pb.js';
import { file_beam_schema } from '../../../server/src/beam/proto/beam/schema_pb.js';
import { testPython } from '../testPython.js';

/** Prints every message of the installed apache-beam as {message: {field: [number, is repeated]}}, and rpc paths. */
const program = `
import json
from apache_beam.portability.api import beam_fn_api_pb2, beam_interactive_api_pb2, beam_job_api_pb2, beam_provision_api_pb2, beam_runner_api_pb2, schema_pb2
fields, methods = {}, []
def visit(message):
    fields[message.full_name] = {field.name: field.number for field in message.fields}
    for nested in message.nested_types:
        visit(nested)
for module in (beam_fn_api_pb2, beam_interactive_api_pb2, beam_job_api_pb2, beam_provision_api_pb2, beam_runner_api_pb2, schema_pb2):
    for message in module.DESCRIPTOR.message_types_by_name.values():
        visit(message)
    for service in module.DESCRIPTOR.services_by_name.values():
        for method in service.methods:
            methods.append('%s/%s' % (service.full_name, method.name))
print(json.dumps({'fields': fields, 'methods': methods}))
`;

interface BeamDescriptors {
  fields: Record<string, Record<string, number>>;
  methods: string[];
}

function* messagesOf(parent: DescFile | DescMessage): Generator<DescMessage> {
  const messages = 'messages' in parent ? parent.messages : parent.nestedMessages;
  for (const message of messages) {
    yield message;
    yield* messagesOf(message);
  }
}

describe('trimmed protos', () => {
  it("have the field numbers and methods of the installed Beam's", async () => {
    const { stdout } = await promisify(execFile)(await testPython(), ['-c', program]);
    const beam = JSON.parse(stdout) as BeamDescriptors;
    // One message stands for several of Beam's that carry one or two coder ids.
    const ownMessages = /\.StateSpec\.(One|Two)Coders?$/;
    for (const file of [
      file_beam_fn,
      file_beam_interactive,
      file_beam_job,
      file_beam_pipeline,
      file_beam_provision,
      file_beam_schema,
    ]) {
      for (const message of messagesOf(file)) {
        if (ownMessages.test(message.typeName)) continue;
        const fields = beam.fields[message.typeName];
        assert.ok(fields, `Beam has no message ${message.typeName}`);
        for (const { name, number } of message.fields) {
          assert.equal(number, fields[name], `${message.typeName}.${name}`);
        }
      }
      for (const service of file.services) {
        for (const { name } of service.methods) {
          assert.ok(
            beam.methods.includes(`${service.typeName}/${name}`),
            `${service.typeName}/${name}`,
          );
        }
      }
    }
  });
});
