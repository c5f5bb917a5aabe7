"""Prints arrival (µs), event time (ms) and bytes of recorded elements: python read_recording.py FOLDER"""
import pathlib, struct, sys
from zlib import crc32, decompress
def varint(data, at, value=0, shift=0):
    while True:
        value, shift, at = value | (data[at] & 0x7F) << shift, shift + 7, at + 1
        if data[at - 1] < 0x80: return value, at
def fields(message, at=0):  # of a protobuf message: number and value
    found = {}
    while at < len(message):
        tag, at = varint(message, at)
        value, at = varint(message, at)
        if tag & 7 == 2: value, at = message[at:at + value], at + value
        found[tag >> 3] = value
    return found
def records(folder, seed=0):
    for segment in sorted(pathlib.Path(folder).glob("elements-*.log")):
        data = segment.read_bytes()
        at = data.find(b"\xfeBRW")
        while 0 <= at <= len(data) - 16:
            length, *checks = struct.unpack_from("<III", data, at + 4)
            payload = data[at + 16:at + 16 + length]
            found = [s for s in (seed, 0) if checks == [crc32(data[at:at + 8], s), crc32(payload, s)]]
            if found: yield fields(payload)  # else it is damaged, and the next frame is looked for
            if found == [0] or found == [0, 0]: seed = crc32(fields(fields(payload)[1])[2])
            at = data.find(b"\xfeBRW", at + (16 + length if found else 1))
found = list(records(sys.argv[1]))
parts = [fields(record[2]) for record in found if 2 in record]
ends = [fields(record[5]) for record in found if 5 in record]
whole = {part[6] for part in parts if part.get(7)} | {end[1] for end in ends if end.get(2)}
for part in parts:
    if part[6] not in whole: continue
    data, at, millis, times, lengths = decompress(part[8], -15) if 9 in part else part[8], 0, 0, [], []
    for _ in range(part[2]):
        code, at = varint(data, at)
        millis += code >> 1 ^ -(code & 1)
        times.append(millis)
    for _ in range(part[2]):  # the panes
        indices, at = data[at] >> 4, at + 1
        for _ in range(indices): _, at = varint(data, at)
    for _ in range(part[2]):
        length, at = varint(data, at)
        lengths.append(length)
    for millis, length in zip(times, lengths):
        print(part[1], millis, data[at:at + length])
        at += length
