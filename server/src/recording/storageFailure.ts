const causes: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ENOENT: 'its folder is gone',
  ENOTDIR: 'a part of its path is not a folder',
  EIO: 'the disk reports an input/output error',
  EMFILE: 'too many files are open',
};

/** An error of the file system in words: what could not be done, where, and why. */
export function storageFailure(what: string, folder: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = causes[code] ?? (error instanceof Error ? error.message : String(error));
  return new Error(`${what} in ${folder}: ${cause}.`, { cause: error });
}
