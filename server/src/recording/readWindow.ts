import type { FileHandle } from 'node:fs/promises';

/** What is read of a file at once: little at first, since many a reader wants no more, then twice as much each time. */
const firstReadBytes = 64 << 10;
const maxReadBytes = 1 << 20;

/** A part of a file that moves towards its end. */
export class ReadWindow {
  bytes: Buffer = Buffer.alloc(0);
  private readBytes = firstReadBytes;

  constructor(
    private readonly file: FileHandle,
    /** Of the first byte. */
    public offset: number,
  ) {}

  /** Makes at least so many bytes available, unless the file ends before. */
  async fill(bytes: number): Promise<boolean> {
    // A length that was damaged in an unlucky way does not cost that much memory.
    if (bytes > this.bytes.length + maxReadBytes) {
      const { size } = await this.file.stat();
      if (this.offset + bytes > size) return false;
    }
    while (this.bytes.length < bytes) {
      const chunk = Buffer.allocUnsafe(Math.max(this.readBytes, bytes - this.bytes.length));
      this.readBytes = Math.min(2 * this.readBytes, maxReadBytes);
      const at = this.offset + this.bytes.length;
      const { bytesRead } = await this.file.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) return false;
      const read = chunk.subarray(0, bytesRead);
      this.bytes = this.bytes.length === 0 ? read : Buffer.concat([this.bytes, read]);
    }
    return true;
  }

  async startsWith(expected: Buffer): Promise<boolean> {
    return (
      (await this.fill(expected.length)) && this.bytes.subarray(0, expected.length).equals(expected)
    );
  }

  skip(bytes: number): void {
    this.bytes = this.bytes.subarray(bytes);
    this.offset += bytes;
  }

  /** Goes to the next place, behind the present one, where the marker stands, or to the end. */
  async skipTo(marker: Buffer): Promise<void> {
    this.skip(1);
    while (await this.fill(marker.length)) {
      const found = this.bytes.indexOf(marker);
      if (found >= 0) {
        this.skip(found);
        return;
      }
      this.skip(this.bytes.length - marker.length + 1);
    }
    this.skip(this.bytes.length);
  }
}
