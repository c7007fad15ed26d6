/** Uploads over the public API: a file is declared, its form is posted, and a message shows it. */
import { call } from './deployment.ts';
import { postForm, type PostedForm } from './files.ts';
import { bodyOf } from './request.ts';
import type { TestUser } from './users.ts';

export interface TestFile {
  name: string;
  type: string;
  bytes: Uint8Array;
  alt?: string;
}

/** A file of text, which is a download. */
export const textFile = (text = 'the plan', name = 'plan.txt'): TestFile => ({
  name,
  type: 'text/plain',
  bytes: Buffer.from(text),
});

/** A red PNG of 2 by 1 pixels. */
export const smallPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVQImWP4z8Dwn4EBAAj+Af/KOtJRAAAAAElFTkSuQmCC',
  'base64',
);

type Room = { room_id: string };

export interface DeclaredUpload extends PostedForm {
  upload_id: string;
  expires_in: number;
}

export const declare = (
  { access }: TestUser,
  { room_id: roomId }: Room,
  { name, type, bytes, alt }: TestFile,
) =>
  call<DeclaredUpload>('POST', `/chat/rooms/${roomId}/uploads/`, {
    token: access,
    body: { name, type, size: bytes.length, ...(alt !== undefined && { alt }) },
  });

/** Declares a file and posts its form. Returns the id of the upload, whose check may not be done. */
export async function upload(user: TestUser, room: Room, file: TestFile): Promise<string> {
  const form: DeclaredUpload = await bodyOf(201, declare(user, room, file));
  const status = await postForm(form, file.bytes, file.name);
  if (status !== 204) throw new Error(`The form was answered with ${status}`);
  return form.upload_id;
}

export interface FileMessage {
  content?: string;
  client_id?: string;
  attachments: string[];
}

export const sendFiles = (
  { access }: TestUser,
  { room_id: roomId }: Room,
  { content = '', ...message }: FileMessage,
) => call('POST', `/chat/rooms/${roomId}/messages/`, { token: access, body: { content, ...message } });

/** Sends a file, and returns the message. */
export async function postFile(user: TestUser, room: Room, file: TestFile = textFile()): Promise<any> {
  return bodyOf(201, sendFiles(user, room, { attachments: [await upload(user, room, file)] }));
}

export const attachment = ({ access }: TestUser, id: string) =>
  call('GET', `/chat/attachments/${id}/`, { token: access });
