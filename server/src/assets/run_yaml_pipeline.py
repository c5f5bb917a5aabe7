"""Runs a Beam YAML pipeline, submitted to Beam Rewind's JobService, as `python -m apache_beam.yaml.main` runs it.

Usage: python run_yaml_pipeline.py FILE [ARGUMENT ...], with BEAM_REWIND_JOB_ENDPOINT set to host:port.
"""

import logging
import os
import sys

import run_pipeline


class SourceLines:
    """Tells which line of the file a transform stands in, while Beam expands it."""

    def __init__(self):
        self.skipped = None

    def expanded(self, template, text):
        """Beam leaves out comments at the top; what a template adds or removes makes lines unknown."""
        from apache_beam.yaml.yaml_transform import strip_leading_comments

        kept = strip_leading_comments(template)
        if len(kept.rstrip().splitlines()) == len(text.rstrip().splitlines()):
            self.skipped = len(template.splitlines()) - len(kept.splitlines())

    def current(self):
        line = None
        frame = sys._getframe(1)
        # The outermost: a transform that is defined in YAML stands where it is used, not where its body is.
        while frame is not None:
            if frame.f_code.co_name == 'expand_leaf_transform':
                line = frame.f_locals.get('spec', {}).get('__line__', line)
            frame = frame.f_back
        return None if line is None or self.skipped is None else line + self.skipped


def main():
    file = os.path.abspath(sys.argv[1])
    run_pipeline.wait_for_debugger()
    try:
        from apache_beam.yaml import main as yaml_main
        from apache_beam.yaml import yaml_transform
    except ImportError as error:
        raise RuntimeError(
            f"Beam YAML needs the Python package {error.name}: "
            f"run {sys.executable} -m pip install 'apache-beam[yaml]'"
        ) from None

    lines = SourceLines()
    expand_jinja = yaml_transform.expand_jinja

    def expand(template, *args, **kwargs):
        text = expand_jinja(template, *args, **kwargs)
        if lines.skipped is None:
            lines.expanded(template, text)
        return text

    yaml_transform.expand_jinja = expand
    results = run_pipeline.redirect_pipelines(lines.current, os.environ['BEAM_REWIND_JOB_ENDPOINT'])
    # Our own modules are loaded; the pipeline's are where Python looks first.
    sys.path[0] = os.getcwd()
    logging.getLogger().setLevel(logging.INFO)
    yaml_main.run([f'--yaml_pipeline_file={file}'] + sys.argv[2:])
    run_pipeline.wait_for(results)


if __name__ == '__main__':
    main()
