import type { SupervisedProcess } from '../processes/supervise.js';
import { launchScript, type ProgramLaunch } from './python.js';

/**
 * Starts a Beam YAML pipeline, unmodified, so that it arrives at our JobService. Its arguments are those of
 * `apache_beam.yaml.main`: pipeline options, and `--jinja_variables` for a template.
 */
export function launchYaml(launch: ProgramLaunch): Promise<SupervisedProcess> {
  return launchScript('run_yaml_pipeline.py', launch);
}
