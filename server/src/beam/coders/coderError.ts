/** Bytes or a value that do not fit their coder. The message says what is wrong and at which byte. */
export class CoderError extends Error {
  override readonly name = 'CoderError';

  /** @param offset byte of the decoded data; absent when the coder or the value to encode is at fault */
  constructor(
    message: string,
    readonly offset?: number,
  ) {
    super(offset === undefined ? message : `${message} (at byte ${offset})`);
  }
}
