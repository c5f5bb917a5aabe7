import type { Clock } from './clock.js';
import type { OpenTestStream, Position } from './openTestStream.js';
import type { Place, PlacedStep } from './place.js';

/** As fast as the reader takes events, or a factor of the pace of the recording: 1 is real time. */
export type Speed = 'max' | number;

/** Whom a playback tells. */
export interface PlaybackSink {
  /** No event is read or sent while true; who makes it false again calls {@link Playback.wake}. */
  isFull: () => boolean;
  event: (event: PlacedStep) => void;
  /** The place was found; the next event is the position's. */
  at: (position: Position) => void;
  /** It waits before the event with this number. */
  paused: (ordinal: number) => void;
  /** All was sent. */
  ended: (ordinal: number) => void;
  /** The recording cannot be read. Nothing follows. */
  failed: (error: unknown) => void;
}

/** One reader's way through a test stream. It begins paused before the first event. */
export interface Playback {
  start: (from: Place, speed: Speed) => void;
  pause: () => void;
  resume: () => void;
  /** Sends one more event, then pauses. Several add up. */
  step: () => void;
  /** Sends events up to and with the next one that moves a watermark, then pauses. */
  stepToWatermark: () => void;
  /** Goes to a place, and plays on there if it was playing. */
  seek: (to: Place) => void;
  /** Looks again whether the sink takes more. */
  wake: () => void;
  /** Ends it; resolves when its files are closed. */
  close: () => Promise<void>;
}

/** Plays test streams to a sink, one event at a time. @param open opens the stream at a place */
export function createPlayback(
  open: (place: Place, isWanted: () => boolean) => Promise<OpenTestStream>,
  sink: PlaybackSink,
  clock: Clock,
): Playback {
  let stream: OpenTestStream | undefined;
  let target: Place | undefined = { ordinal: 0 };
  let isPlaying = false;
  let isClosed = false;
  let speed: Speed = 'max';
  let steps = 0;
  let stepsToWatermark = 0;
  let next: PlacedStep | undefined;
  let ordinal = 0;
  let arrival: bigint | undefined;
  /** The pace counts from here: clock and processing time when playing began. */
  let anchor: { now: number; arrival: bigint } | undefined;

  let wakeUp: (() => void) | undefined;
  const wake = (): void => {
    wakeUp?.();
    wakeUp = undefined;
  };
  // State is looked at and the wait begun in one turn, so that no call is missed.
  const untilWoken = (): Promise<void> =>
    new Promise((resolve) => {
      wakeUp = resolve;
    });

  /** What is being read is not wanted any more. */
  const isOver = (): boolean => isClosed || target !== undefined;
  const goTo = async (place: Place): Promise<void> => {
    target = undefined;
    next = undefined;
    anchor = undefined;
    await stream?.close();
    stream = await open(place, () => !isOver());
    // A later place was asked for while this one was looked for.
    if (isOver()) return;
    ordinal = stream.position.ordinal;
    arrival = stream.position.processingTime;
    sink.at(stream.position);
  };
  const pauseHere = (): void => {
    isPlaying = false;
    steps = 0;
    stepsToWatermark = 0;
    anchor = undefined;
  };
  const delayOf = ({ step }: PlacedStep): number => {
    if (!isPlaying || speed === 'max') return 0;
    anchor ??= { now: clock.now(), arrival: arrival ?? step.arrivalMicros };
    const recordedMs = Number(step.arrivalMicros - anchor.arrival) / 1000;
    return anchor.now + recordedMs / speed - clock.now();
  };
  const send = (event: PlacedStep): void => {
    next = undefined;
    ordinal = event.ordinal + 1;
    arrival = event.step.arrivalMicros;
    sink.event(event);
    if (isPlaying) return;
    if (steps > 0) steps--;
    else if (event.step.kind === 'watermark') stepsToWatermark--;
    if (steps === 0 && stepsToWatermark === 0) sink.paused(ordinal);
  };

  const play = async (): Promise<void> => {
    await untilWoken();
    while (!isClosed) {
      if (target) {
        await goTo(target);
      } else if (!isPlaying && steps === 0 && stepsToWatermark === 0) {
        await untilWoken();
      } else if (!next) {
        const stepRead = await stream?.next();
        // Another place was asked for meanwhile.
        if (isOver()) continue;
        next = stepRead;
        if (next) continue;
        pauseHere();
        sink.ended(ordinal);
      } else if (sink.isFull()) {
        await untilWoken();
      } else {
        const delay = delayOf(next);
        if (delay > 0) {
          const cancel = clock.after(delay, wake);
          await untilWoken();
          cancel();
        } else {
          send(next);
        }
      }
    }
  };
  const done = play()
    .catch((error: unknown) => {
      if (!isClosed) sink.failed(error);
    })
    .finally(() => stream?.close());

  const command = (change: () => void) => (): void => {
    change();
    wake();
  };
  const goOn = (stepsMore: number, watermarksMore: number): void => {
    isPlaying = false;
    anchor = undefined;
    steps += stepsMore;
    stepsToWatermark += watermarksMore;
  };
  return {
    start(from, newSpeed) {
      pauseHere();
      target = from;
      speed = newSpeed;
      isPlaying = true;
      wake();
    },
    pause: command(() => {
      pauseHere();
      sink.paused(ordinal);
    }),
    resume: command(() => {
      pauseHere();
      isPlaying = true;
    }),
    step: command(() => {
      goOn(1, 0);
    }),
    stepToWatermark: command(() => {
      goOn(0, 1);
    }),
    seek(to) {
      target = to;
      wake();
    },
    wake,
    async close() {
      isClosed = true;
      wake();
      await done;
    },
  };
}
