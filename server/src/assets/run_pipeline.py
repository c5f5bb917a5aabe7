"""Runs a Beam program unmodified, with its pipelines submitted to Beam Rewind's JobService.

Usage: python run_pipeline.py PROGRAM [ARGUMENT ...], with BEAM_REWIND_JOB_ENDPOINT set to host:port. A PROGRAM that
is a notebook (.ipynb) is executed cell by cell, without what in it is no Python: magics, shell commands, help.

Whatever runner a program asks for, in its options, by name or as an object, its pipelines are run by the
PortableRunner against that endpoint, with the DoFns in this process (LOOPBACK): a breakpoint in one is hit. The
SDK's direct runner is offered as a runner of this process (`direct_job_service.py`).
"""

import builtins
import copy
import functools
import os
import sys
import types

from notebook_cells import cell_of
from notebook_cells import run_cells

LINE_ANNOTATION = 'beam-rewind:line:v1'


def redirect_pipelines(current_line, endpoint):
    """Makes every Pipeline submit to the endpoint; answers the list that results are added to.

    `current_line` tells which line of the program is applying a transform, or None.
    """
    import grpc
    from apache_beam.options.pipeline_options import PipelineOptions
    from apache_beam.options.pipeline_options import PortableOptions
    from apache_beam.options.pipeline_options import StandardOptions
    from apache_beam.pipeline import Pipeline
    from apache_beam.runners.portability.portable_runner import PortableRunner
    from direct_job_service import DirectJobService

    results = []
    own_runner = DirectJobService()

    class RewindRunner(PortableRunner):
        def run_portable_pipeline(self, pipeline, options):
            own_runner.offer(options)
            try:
                result = super().run_portable_pipeline(pipeline, options)
            except grpc.RpcError as error:
                # The answer is meant for people; the transport's own traceback says nothing more.
                raise RuntimeError(error.details()) from None
            results.append(result)
            result.wait_until_finish = functools.partial(wait_unless_cancelled, result)
            return result

    def redirected(options):
        # A runner object inside of the options may not be copyable; it is not used any more.
        standard = options.view_as(StandardOptions)
        runner, standard.runner = standard.runner, None
        copied = copy.deepcopy(options)
        standard.runner = runner
        copied.view_as(StandardOptions).streaming = True
        portable = copied.view_as(PortableOptions)
        portable.job_endpoint = endpoint
        portable.environment_type = 'LOOPBACK'
        portable.environment_config = None
        portable.artifact_endpoint = None
        return copied

    original_init = Pipeline.__init__

    @functools.wraps(original_init)
    def init(self, runner=None, options=None, argv=None, display_data=None):
        if options is None:
            options = PipelineOptions(argv if isinstance(argv, list) else [])
        if isinstance(options, PipelineOptions):
            options = redirected(options)
        original_init(self, RewindRunner(), options, display_data=display_data)

    original_run = Pipeline.run

    @functools.wraps(original_run)
    def run(self, *args, **kwargs):
        # A program may set the runner of a pipeline it has made.
        self.runner = RewindRunner()
        return original_run(self, *args, **kwargs)

    original_annotations = Pipeline._current_annotations

    @functools.wraps(original_annotations)
    def current_annotations(self):
        line = current_line()
        own = {} if line is None else {LINE_ANNOTATION: str(line).encode('ascii')}
        return {**original_annotations(self), **own}

    Pipeline.__init__ = init
    Pipeline.run = run
    Pipeline._current_annotations = current_annotations
    return results


def wait_unless_cancelled(result, duration=None):
    """As `PipelineResult.wait_until_finish`, but a job that its user cancelled is no error of the program's."""
    from apache_beam.runners.runner import PipelineState

    try:
        return type(result).wait_until_finish(result, duration)
    except RuntimeError:
        if result.state != PipelineState.CANCELLED:
            raise
        return result.state


def place_in(program):
    """Line of the innermost frame of the program that is being executed; of a notebook `line@cell`."""
    frame = sys._getframe(1)
    while frame is not None:
        filename = frame.f_code.co_filename
        if filename == program:
            return str(frame.f_lineno)
        cell = cell_of(program, filename)
        if cell is not None:
            return '{}@{}'.format(frame.f_lineno, cell)
        frame = frame.f_back
    return None


def run_program(program, arguments):
    """Executes a file as `python FILE` would; its module stays `__main__` for what Beam pickles."""
    module = types.ModuleType('__main__')
    module.__file__ = program
    module.__builtins__ = builtins
    sys.modules['__main__'] = module
    sys.argv = [program] + arguments
    sys.path[0] = os.path.dirname(program)
    if program.endswith('.ipynb'):
        run_cells(program, module.__dict__)
        return
    with open(program, 'rb') as source:
        code = compile(source.read(), program, 'exec')
    exec(code, module.__dict__)


def wait_for(results):
    """Waits for pipelines that the program started and did not wait for."""
    from apache_beam.runners.runner import PipelineState

    for result in results:
        if not PipelineState.is_terminal(result.state):
            result.wait_until_finish()


def wait_for_debugger():
    """With BEAM_REWIND_DEBUG_PORT set (0: any port), waits until a debugger is attached on 127.0.0.1.

    BEAM_REWIND_DEBUGPY is a folder that holds a debugpy for an environment that has none.
    """
    port = os.environ.pop('BEAM_REWIND_DEBUG_PORT', None)
    folder = os.environ.pop('BEAM_REWIND_DEBUGPY', '')
    if port is None:
        return
    if folder:
        sys.path.append(folder)
    try:
        import debugpy
    except ImportError:
        sys.exit(f'Debugging needs the Python package debugpy: run {sys.executable} -m pip install debugpy')
    _, chosen = debugpy.listen(('127.0.0.1', int(port)))
    print(f'beam-rewind: debugpy listens on port {chosen}', file=sys.stderr, flush=True)
    debugpy.wait_for_client()


def main():
    program = os.path.abspath(sys.argv[1])
    wait_for_debugger()
    results = redirect_pipelines(lambda: place_in(program), os.environ['BEAM_REWIND_JOB_ENDPOINT'])
    try:
        run_program(program, sys.argv[2:])
    except SystemExit as end:
        if end.code not in (None, 0):
            raise
        # `sys.exit(main())` after `p.run()`: the pipelines still run.
    wait_for(results)


if __name__ == '__main__':
    main()
