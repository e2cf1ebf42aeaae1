// What the command line tells instead of doing its job.

/** One sentence for the user; the process ends with 1. */
export class Failure extends Error {}

/** What there is to say of an error in one sentence; undefined for a fault of this program. */
export function sentenceOf(error: unknown): string | undefined {
  const { name, message } = error as Error;
  return error instanceof Failure || name === "UnpoolError" ? message : undefined;
}

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file or folder",
  EISDIR: "it is a folder",
  ENOTDIR: "part of its path is a file, not a folder",
  EACCES: "permission was denied",
  EPERM: "permission was denied",
  EROFS: "its file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "it would be larger than the system allows",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its symbolic links lead in a circle",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GiB",
};

/** Why a call to the file system failed, in words. */
export function reason(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}
