/** What is known of a file before it is sent: whether the server would refuse it, and a name that it accepts. */
import {
  attachmentBytes,
  attachmentsPerMessage,
  fileNameBytes,
  pictureBytes,
} from '../contract/file-limits.ts';
import type { CreateProfilePictureArguments } from '../contract/http-operations.ts';
import type { ProblemFields } from '../problem.ts';

/** The files that wait on this device with the unsent messages of one user. */
export const maxStoredFiles = 20;
export const maxStoredBytes = 25 * 1024 * 1024;

/** Control characters, and marks that change the writing direction, with which `gpj.exe` can look like `exe.jpg`. */
const refusedCharacters = /[\p{Cc}\p{Cs}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu;

const bytesOf = (text: string): number => encodeURIComponent(text).replace(/%../g, '-').length;

/** Returns the name without a path and without what the server refuses, shortened before its extension. */
export function acceptableName(name: string): string {
  const [cleaned = ''] = /[^/\\]*$/.exec(name.normalize('NFC').replace(refusedCharacters, '')) ?? [];
  const extension = /\.[^.]{1,20}$/.exec(cleaned)?.[0] ?? '';
  const stem = Array.from(cleaned.slice(0, cleaned.length - extension.length));
  while (stem.length > 1 && bytesOf(stem.join('') + extension) > fileNameBytes) stem.pop();
  const shortened = (stem.join('') + extension).trim();
  return /^\.*$/.test(shortened) ? `file${shortened.length > 2 ? shortened : ''}` : shortened;
}

/** Why an upload has failed that the user has stopped. */
export const stoppedUpload: ProblemFields = { code: 'canceled', detail: 'The upload was stopped.' };

/** Returns why a message cannot have that many files; undefined if it can. */
export function problemOfCount(count: number): ProblemFields | undefined {
  if (count <= attachmentsPerMessage) return undefined;
  const detail = `A message can have at most ${attachmentsPerMessage} attachments. Remove some, and try again.`;
  return { code: 'invalid_request', status: 400, detail };
}

const inMegabytes = (bytes: number): string => `${bytes / 1024 / 1024} MB`;

/** Returns why the server would refuse a file; undefined if it may accept it. */
export function problemOfFile({ size }: Pick<Blob, 'size'>): ProblemFields | undefined {
  return problemOfSize(size, attachmentBytes);
}

type PictureType = CreateProfilePictureArguments['type'];

/** Returns the type of a profile picture. `refuse` throws the problem of a file that the server would refuse. */
export function pictureTypeOf(
  { size, type }: Pick<Blob, 'size' | 'type'>,
  refuse: (problem: ProblemFields) => never,
): PictureType {
  if (!isPictureType(type))
    return refuse({
      code: 'type_mismatch',
      status: 422,
      detail: 'A profile picture must be a JPEG, PNG or WebP.',
    });
  const problem = problemOfSize(size, pictureBytes);
  return problem === undefined ? type : refuse(problem);
}

const isPictureType = (type: string): type is PictureType => /^image\/(jpeg|png|webp)$/.test(type);

function problemOfSize(size: number, maxSize: number): ProblemFields | undefined {
  if (size === 0)
    return { code: 'file_empty', status: 422, detail: 'The file is empty. Choose another one.' };
  if (size <= maxSize) return undefined;
  const detail = `A file can have at most ${inMegabytes(maxSize)}. Choose a smaller one.`;
  return { code: 'file_too_large', status: 413, detail };
}
