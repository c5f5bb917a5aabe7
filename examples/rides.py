"""Takings of taxi rides per zone, every five seconds, from a stream of finished rides.

A ride carries the time at which it ended. Most meters report it at once; one without reception does so
seconds later, when the window of that time has been reported already. The window is then reported once
more, with what the late ride adds.

By itself, on Beam's local runner:

    prism --job_port 8073
    python rides.py --runner PortableRunner --job_endpoint localhost:8073 --environment_type LOOPBACK --streaming
"""

import argparse
import random
import typing

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms import trigger, window
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.utils.windowed_value import PaneInfoTiming

ZONES = ["Airport", "Harbour", "Market", "Old Town", "Station", "University"]


class Ride(typing.NamedTuple):
    zone: str
    fare_cents: int
    distance_km: float


beam.coders.registry.register_coder(Ride, beam.coders.RowCoder)


class RideEvents(beam.PTransform):
    """An unbounded stream of finished rides, each at the event time of its end.

    It stands in for the topic of a real fleet: the rides are made up, and others every time.

    Args:
      rate: rides per second.
      late_share: share of the rides that is reported late.
      delay: by how many seconds, at most.
    """

    def __init__(self, rate, late_share, delay):
        super().__init__()
        self.rate = rate
        self.late_share = late_share
        self.delay = delay

    def expand(self, pbegin):
        return (
            pbegin
            | "Meters" >> PeriodicImpulse(fire_interval=1 / self.rate)
            | "Report"
            >> beam.Map(finished_ride, self.late_share, self.delay).with_output_types(Ride)
        )


def finished_ride(now, late_share, delay):
    late = random.random() < late_share
    ended = now - random.uniform(1, delay) if late else now
    distance_km = random.lognormvariate(1.3, 0.6)
    ride = Ride(random.choice(ZONES), 250 + round(185 * distance_km), round(distance_km, 1))
    return window.TimestampedValue(ride, ended)


class FormatTakings(beam.DoFn):
    """One line per zone, window and pane."""

    def process(self, takings, window=beam.DoFn.WindowParam, pane=beam.DoFn.PaneInfoParam):
        zone, cents = takings
        start, end = (
            time.to_utc_datetime().strftime("%H:%M:%S") for time in (window.start, window.end)
        )
        late = "  added late" if pane.timing == PaneInfoTiming.LATE else ""
        yield f"{start}-{end}  {zone:<10}  {cents / 100:>8.2f}{late}"


def print_line(line):
    # In one piece: windows are reported from several threads.
    print(line + "\n", end="", flush=True)


def run(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=float, default=8, help="rides per second")
    args, beam_args = parser.parse_known_args(argv)

    with beam.Pipeline(options=PipelineOptions(beam_args)) as p:
        rides = p | "Ride events" >> RideEvents(args.rate, late_share=0.1, delay=20)
        (
            rides
            | "Fares" >> beam.Map(lambda ride: (ride.zone, ride.fare_cents))
            | "Five seconds" >> beam.WindowInto(
                window.FixedWindows(5),
                trigger=trigger.AfterWatermark(late=trigger.AfterCount(1)),
                allowed_lateness=60,
                accumulation_mode=trigger.AccumulationMode.DISCARDING,
            )
            | "Takings" >> beam.CombinePerKey(sum)
            | "Format" >> beam.ParDo(FormatTakings())
            | "Print" >> beam.Map(print_line)
        )


if __name__ == "__main__":
    run()
