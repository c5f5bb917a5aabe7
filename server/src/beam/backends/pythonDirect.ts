import type { JsonObject } from '@bufbuild/protobuf';
import type { Pipeline } from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';
import type { UnboundedSource } from '../pipeline/unboundedSources.js';
import { transformOf } from '../pipeline/unboundedSources.js';

/** Names the direct runner of the Python SDK among backends. It runs in the user's process, for its pipelines only. */
export const pythonDirect = 'python-direct';

/** Set by the launcher of Python programs: `host:port`, and a token that permits to run this one pipeline there. */
const runnerOption = 'beam:option:beam_rewind_runner:v1';

/**
 * Job endpoint of the direct runner in the process that submitted a pipeline.
 * @throws Error if it offers none
 */
export function programRunner(pipelineOptions: JsonObject | undefined): string {
  const offered = pipelineOptions?.[runnerOption];
  const [endpoint] = typeof offered === 'string' ? offered.split(' ') : [];
  if (endpoint) return endpoint;
  throw new Error(`The program offers no runner of its own: it does not run on ${pythonDirect}.`);
}

/** Options of a pipeline as other runners get them: where the program's own runner is does not concern them. */
export function withoutProgramRunner(options: JsonObject | undefined): JsonObject | undefined {
  if (!options) return undefined;
  const { [runnerOption]: _, ...others } = options;
  return others;
}

/** Sources that only the direct runner can run here: of portable runners Prism rejects them, others deliver nothing. */
export function onlyInProgram({ components }: Pipeline, sources: UnboundedSource[]): boolean {
  const isOnly = (id: string): boolean => {
    if (!components) return false;
    const { spec, subtransforms } = transformOf(components, id);
    return spec?.urn === urns.pubsubRead || subtransforms.some(isOnly);
  };
  return sources.some(({ transformId }) => isOnly(transformId));
}
