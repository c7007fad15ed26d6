/** Rows for uploads and attachments. */
import * as z from 'zod';
import type { ErrorCode } from '../errors.ts';
import { Attachment } from '../entities.ts';
import { DeclareUpload, UploadForm } from '../files.ts';
import { AttachmentId, RoomId } from '../identifiers.ts';
import * as limits from '../limits.ts';
import { operation } from './operation.ts';

/** Why the check of an upload has refused it. */
export const uploadErrors = [
  'file_empty',
  'type_mismatch',
  'unreadable_image',
  'image_too_large',
] as const satisfies readonly ErrorCode[];

const megabytes = (bytes: number): string => `${bytes / 1_024 / 1_024} MiB`;

export const uploadOperations = {
  createUpload: operation({
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/uploads/',
    function: 'chat',
    tag: 'Files',
    summary: 'Declare a file, to send it with a message in this room',
    description: `Answers with a form for the file: post it within ${limits.uploadFormLifetimeSeconds} seconds, with \`fields\` first and the file as the last field, \`file\`. Then send a message whose \`attachments\` name the \`upload_id\`, within ${limits.attachableHours} hours. The file is checked once it is posted: its bytes decide its type, and images are written anew without their metadata. A file has at most ${megabytes(limits.attachmentBytes)}; a larger one is refused with \`file_too_large\`. What is never sent is removed within two days. How many files and bytes a user may declare in a day is a setting of the deployment.`,
    auth: 'required',
    // The form's request and the objects that are made of it, and one check of the largest image that is accepted.
    charge: { costMicroDollars: 300, isWrite: true },
    params: z.object({ room_id: RoomId }),
    body: DeclareUpload,
    responses: { 201: UploadForm },
    errors: ['not_found', 'file_too_large', 'rate_limited'],
  }),
  getAttachment: operation({
    methods: ['GET'],
    path: '/chat/attachments/{attachment_id}/',
    function: 'chat',
    tag: 'Files',
    summary: 'Get an attachment with new addresses',
    description:
      'For attachments of messages in rooms that the caller may read, and for uploads of the caller that were not sent yet: those are answered with `upload_not_checked` until their check is done, and with the reason if it has refused them.',
    auth: 'required',
    charge: { costMicroDollars: 10 },
    params: z.object({ attachment_id: AttachmentId }),
    responses: { 200: Attachment },
    errors: ['not_found', 'upload_not_checked', ...uploadErrors],
  }),
} as const;
