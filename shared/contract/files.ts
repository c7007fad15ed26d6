/** Schemas of uploads: what clients say about files, the form by which they post one, and the ids that a message names. */
import * as z from 'zod';
import { hasVisibleCharacter } from './characters.ts';
import { AttachmentId } from './identifiers.ts';
import * as limits from './limits.ts';
import { directionControlMessage, hasNoDirectionControl, LineOfText } from './text.ts';

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Marks that no letter needs in the name of a file. With them, `gpj.exe` can look like `exe.jpg`. */
const directionMark = /[\u200e\u200f\u061c]/;

const lastPart = /[^/\\]*$/;

/** Browsers and older clients send a path in place of a name. */
const withoutPath = (name: string): string => lastPart.exec(name)?.[0] ?? '';

export const FileName = LineOfText.max(4 * limits.fileNameBytes)
  .transform((name) => withoutPath(name.normalize('NFC')))
  .pipe(
    z
      .string()
      .refine((name) => name !== '.' && name !== '..', 'must be the name of a file')
      .refine(hasVisibleCharacter, 'must contain a visible character')
      .refine((name) => hasNoDirectionControl(name) && !directionMark.test(name), directionControlMessage)
      .refine(
        (name) => bytesOf(name) <= limits.fileNameBytes,
        `must have at most ${limits.fileNameBytes} bytes`,
      ),
  )
  .meta({
    id: 'FileName',
    description: `The name of a file, of at most ${limits.fileNameBytes} bytes in UTF-8. Of a path, only the last part is kept. Normalized to NFC. Without control characters, line breaks and characters that change the writing direction.`,
    example: 'plan.pdf',
  });

const mediaType = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

export const MediaType = z
  .string()
  .max(255)
  .transform((type) => type.split(';')[0]!.trim().toLowerCase())
  .pipe(z.string().regex(mediaType, 'must be a media type, such as image/png'))
  .meta({
    id: 'MediaType',
    description:
      'The media type that the client believes a file to have, without parameters. `application/octet-stream` when it does not know. The bytes decide.',
    example: 'image/png',
  });

export const AltText = LineOfText.refine(hasNoDirectionControl, directionControlMessage)
  .refine(
    (text) => bytesOf(JSON.stringify(text)) - 2 <= limits.altBytes,
    `must have at most ${limits.altBytes} bytes`,
  )
  .meta({
    id: 'AltText',
    description: `What an image shows, in words, for people who cannot see it. At most ${limits.altBytes} bytes encoded as JSON.`,
    example: 'a map of the way to the station',
  });

/** A file that is declared. Its size has no upper bound here: a file that is too large is an error of its own. */
export const DeclareUpload = z
  .object({
    name: FileName,
    type: MediaType,
    size: z.int().min(1).describe(`In bytes, at most ${limits.attachmentBytes}.`),
    alt: AltText.optional(),
  })
  .meta({ id: 'DeclareUpload', example: { name: 'plan.png', type: 'image/png', size: 48_213 } });

export const UploadForm = z
  .object({
    upload_id: AttachmentId.describe('Send a message with it once the file is posted.'),
    url: z.string().describe('Where to post the form, as `multipart/form-data`.'),
    fields: z
      .record(z.string(), z.string())
      .describe('The fields of the form, to be sent before the file, which is the last field, named `file`.'),
    expires_in: z.int().describe('How many seconds the form can be posted.'),
  })
  .meta({
    id: 'UploadForm',
    description:
      'A form for posting one file. It accepts only a file of the declared size, under the declared type.',
  });

/** The types of profile pictures. */
const pictureTypes = ['image/jpeg', 'image/png', 'image/webp'] as const;

export const DeclarePicture = z
  .object({ type: z.enum(pictureTypes), size: z.int().min(1).describe('In bytes.') })
  .meta({ id: 'DeclarePicture', example: { type: 'image/jpeg', size: 48_213 } });

/** The uploads that a message shows, in that order. */
export const AttachmentIds = z
  .array(AttachmentId)
  .max(limits.attachmentsPerMessage)
  .refine((ids) => new Set(ids).size === ids.length, 'must not name an upload twice')
  .describe(
    `The ids of up to ${limits.attachmentsPerMessage} uploads of yours in this room, each to be sent once, within ${limits.attachableHours} hours. An upload that is not checked yet is checked then.`,
  );

/** Whether a message has anything to show: text, or attachments in its place. */
export const hasContent = ({
  content,
  attachments = [],
}: {
  content: string;
  attachments?: readonly string[] | undefined;
}): boolean => content !== '' || attachments.length > 0;

export type DeclareUpload = z.output<typeof DeclareUpload>;
export type UploadForm = z.infer<typeof UploadForm>;
