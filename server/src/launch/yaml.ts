import type { Program, ProgramOptions } from './program.js';
import { prepareScript } from './python.js';

/**
 * Starts a Beam YAML pipeline, unmodified, so that it arrives at our JobService. Its arguments are those of
 * `apache_beam.yaml.main`: pipeline options, and `--jinja_variables` for a template.
 */
export function prepareYaml(options: ProgramOptions): Promise<Program> {
  return prepareScript('run_yaml_pipeline.py', options);
}
