/** Checks the bytes of an upload, and makes the objects by which it is served. */
import { contentHeaders, type ContentHeaders } from '../../shared/domain/files/content-headers.ts';
import { decideType } from '../../shared/domain/files/decide-type.ts';
import type { FileAddress } from '../../shared/lambda/file-addresses.ts';
import { detectType } from './detect-type.ts';
import { imageFormats, type ImageType } from './images/image-types.ts';
import { RefusedImage, type ImageProblem } from './images/open-image.ts';
import { rewriteImage, rewritePicture, thumbnailSizes, type PictureSize } from './images/rewrite-image.ts';

/** `file_empty`: no bytes. `type_mismatch`: the bytes are not of the declared type. */
export type FileProblem = 'file_empty' | 'type_mismatch' | ImageProblem;

export interface StoredObject<Name extends string> {
  /** The last part of its key, below the folder of the file. */
  name: Name;
  bytes: Uint8Array;
  headers: ContentHeaders;
}

export interface CheckedFile {
  /** Decided by the bytes. */
  type: string;
  /** In bytes, as it is served. */
  size: number;
  /** Of an image that is shown in place, in pixels. Such an image has thumbnails. */
  dimensions?: { width: number; height: number };
  objects: StoredObject<FileAddress['name']>[];
}

export type Checked<T> = { problem: FileProblem } | { file: T };

export interface UploadedFile {
  bytes: Uint8Array;
  declaredType: string;
  name: string;
}

/** Checks an attachment. */
export function checkAttachment({ bytes, declaredType, name }: UploadedFile): Promise<Checked<CheckedFile>> {
  return reportingProblems(async () => {
    const type = await typeOf(bytes, declaredType);
    if (!isImageType(type)) {
      const original = { name: 'original', bytes, headers: contentHeaders(type, name) } as const;
      return { type, size: bytes.length, objects: [original] };
    }
    const { original, thumbnails, width, height } = await rewriteImage(bytes, type);
    return {
      type,
      size: original.length,
      dimensions: { width, height },
      objects: [
        { name: 'original', bytes: original, headers: contentHeaders(type, name) },
        ...thumbnailSizes.map((size) => webp(`${size}`, thumbnails[size])),
      ],
    };
  });
}

/** Checks a profile picture: a JPEG, a PNG or a WebP. */
export function checkPicture({
  bytes,
  declaredType,
}: Omit<UploadedFile, 'name'>): Promise<Checked<StoredObject<`${PictureSize}`>[]>> {
  return reportingProblems(async () => {
    const type = await typeOf(bytes, declaredType);
    if (!isImageType(type) || type === 'image/gif') throw new RefusedFile('type_mismatch');
    const squares = await rewritePicture(bytes, type);
    return [webp('320', squares[320]), webp('96', squares[96])];
  });
}

const webp = <Name extends string>(name: Name, bytes: Uint8Array): StoredObject<Name> => ({
  name,
  bytes,
  headers: contentHeaders('image/webp', `${name}.webp`),
});

const isImageType = (type: string): type is ImageType => Object.hasOwn(imageFormats, type);

async function typeOf(bytes: Uint8Array, declaredType: string): Promise<string> {
  if (bytes.length === 0) throw new RefusedFile('file_empty');
  const type = decideType(declaredType, await detectType(bytes));
  if (type === undefined) throw new RefusedFile('type_mismatch');
  return type;
}

class RefusedFile extends Error {
  override readonly name = 'RefusedFile';
  readonly problem: FileProblem;

  constructor(problem: FileProblem) {
    super(`The file is refused: ${problem}`);
    this.problem = problem;
  }
}

async function reportingProblems<T>(check: () => Promise<T>): Promise<Checked<T>> {
  try {
    return { file: await check() };
  } catch (error) {
    if (error instanceof RefusedFile || error instanceof RefusedImage) return { problem: error.problem };
    throw error;
  }
}
