/** Files and sends that are refused, each with a problem that says why, and the same over HTTP and sockets. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ChatSocket } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { eventually } from '../../kit/eventually.ts';
import { postForm } from '../../kit/files.ts';
import { bodyOf, statusesOf } from '../../kit/request.ts';
import { expectError } from '../../kit/room-sockets.ts';
import { listMessages, newPrivateRoom, newRoom } from '../../kit/rooms.ts';
import {
  attachment,
  declare,
  postFile,
  sendFiles,
  smallPng,
  textFile,
  upload,
  type DeclaredUpload,
  type TestFile,
} from '../../kit/uploads.ts';
import { newUser, type TestUser } from '../../kit/users.ts';
import { picture } from '../../functions/uploads/images/pictures.ts';

let ann: TestUser;
let bob: TestUser;
let room: any;
beforeAll(async () => {
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
  room = await newPrivateRoom(ann, bob);
});

const declaration = (body: object) =>
  call('POST', `/chat/rooms/${room.room_id}/uploads/`, { token: ann.access, body });

describe('a declaration', () => {
  const good = { name: 'plan.txt', type: 'text/plain', size: 8 };

  it('answers with a form that is good for five minutes', async () => {
    const form = await bodyOf(201, declaration(good));
    expect(form).toMatchObject({ upload_id: expect.stringMatching(/^[\w-]{43}$/), expires_in: 300 });
    expect(form.fields).toMatchObject({ key: `incoming/${form.upload_id}`, 'Content-Type': 'text/plain' });
    expect(Object.keys(form).toSorted()).toEqual(['expires_in', 'fields', 'upload_id', 'url']);
  });

  it.each([[{ ...good, size: 10 * 1_024 * 1_024 + 1 }], [{ ...good, size: 2 ** 40 }]])(
    'of a file that is too large is refused with 413 (%j)',
    async (body) => {
      const answer = await declaration(body);
      expect(answer).toMatchObject({ status: 413, body: { code: 'file_too_large' } });
      expect(answer.body.detail).toContain('10 MiB');
    },
  );

  it.each<[string, object]>([
    ['size', { ...good, size: 0 }],
    ['size', { ...good, size: -1 }],
    ['size', { ...good, size: 1.5 }],
    ['size', { ...good, size: '8' }],
    ['name', { ...good, name: '' }],
    ['name', { ...good, name: '../..' }],
    ['name', { ...good, name: 'a\nb.txt' }],
    ['name', { ...good, name: 'photo\u202egpj.exe' }],
    ['name', { ...good, name: 'x'.repeat(256) }],
    ['type', { ...good, type: 'text' }],
    ['type', { ...good, type: 'text/html\r\nX: y' }],
    ['alt', { ...good, alt: 'x'.repeat(501) }],
    ['name', { type: 'text/plain', size: 8 }],
  ])('with an invalid %s is refused (%j)', async (path, body) => {
    const answer = await declaration(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path }] } });
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\ä.txt', 'ä.txt'],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['<img src=x>.txt', '<img src=x>.txt'],
  ])('of %j shows the name %j', async (name, shown) => {
    const message = await postFile(ann, room, { ...textFile(), name });
    expect(message.attachments).toMatchObject([{ name: shown }]);
  });
});

const html = '<!doctype html><script>alert(1)</script>';
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const jpeg = await picture(200, 200).jpeg().toBuffer();
const fileOf = (type: string, bytes: string | Uint8Array, name = 'picture.png'): TestFile => ({
  name,
  type,
  bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
});

describe('a file whose bytes are not what was declared', () => {
  it.each<[string, TestFile, string]>([
    ['HTML as an image', fileOf('image/png', html), 'type_mismatch'],
    ['SVG as an image', fileOf('image/png', svg), 'type_mismatch'],
    ['a PNG as a JPEG', fileOf('image/jpeg', smallPng), 'type_mismatch'],
    ['text as a video', fileOf('video/mp4', 'not a film'), 'type_mismatch'],
    ['half a JPEG', fileOf('image/jpeg', jpeg.subarray(0, jpeg.length / 2)), 'unreadable_image'],
  ])('%s is refused over HTTP and sockets, and by its id', async (_, file, code) => {
    const id = await upload(ann, room, file);
    const answer = await sendFiles(ann, room, { attachments: [id] });
    expect(answer).toMatchObject({ status: 422, body: { code } });
    expect(answer.body.detail).toMatch(/^picture\.png: The /);
    const socket = await ChatSocket.inRoom(room.room_name, ann.access);
    const error = await expectError(socket, { type: 'message', content: 'x', attachments: [id] });
    expect(error).toMatchObject({ code: 4005, retryable: false, error: answer.body.detail });
    await socket.close();
    expect(await attachment(ann, id)).toMatchObject({ status: 422, body: { code } });
    expect(await attachment(bob, id)).toMatchObject({ status: 404 });
  });

  it.each<[string, TestFile]>([
    ['HTML', fileOf('text/html', html, 'page.html')],
    ['SVG', fileOf('image/svg+xml', svg, 'drawing.svg')],
    ['HTML as bytes', fileOf('application/octet-stream', html, 'page')],
    ['text as a PDF', fileOf('application/pdf', 'no PDF', 'paper.pdf')],
  ])('%s is served as a download of bytes alone, or refused', async (_, file) => {
    const id = await upload(ann, room, file);
    const sent = await sendFiles(ann, room, { attachments: [id] });
    if (sent.status === 422) return;
    expect(sent.status).toBe(201);
    const response = await fetch(sent.body.attachments[0].url);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment;/);
    await response.arrayBuffer();
  });

  it('an image with a script behind it is written anew without it', async () => {
    const bytes = Buffer.concat([smallPng, Buffer.from(html)]);
    const { attachments } = await postFile(ann, room, fileOf('image/png', bytes));
    const response = await fetch(attachments[0].url);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await response.arrayBuffer()).includes('script')).toBe(false);
  });
});

describe('a form', () => {
  it('accepts no file of another size', async () => {
    const form: DeclaredUpload = await bodyOf(201, declare(ann, room, textFile('eight by')));
    for (const text of ['', 'eight b', 'eight by ']) expect(await postForm(form, text)).toBe(400);
    expect(await postForm(form, 'eight by')).toBe(204);
  });

  it('accepts no change of any of its fields, and none more', async () => {
    const form: DeclaredUpload = await bodyOf(201, declare(ann, room, textFile()));
    // The address decides which bucket it is, and S3 does not compare the field with it.
    const names = Object.keys(form.fields).filter((name) => name !== 'bucket');
    const changed = names.map((name) => ({
      ...form,
      fields: { ...form.fields, [name]: `${form.fields[name]}x` },
    }));
    const more = { ...form, fields: { acl: 'public-read', ...form.fields } };
    const other = await bodyOf(201, declare(ann, room, textFile()));
    const moved = { ...form, fields: { ...form.fields, key: other.fields.key } };
    for (const one of [...changed, more, moved])
      expect(await postForm(one, textFile().bytes)).toBeGreaterThanOrEqual(400);
    expect(await postForm(form, textFile().bytes)).toBe(204);
  });

  it('that is posted again after the check changes nothing', async () => {
    const form: DeclaredUpload = await bodyOf(201, declare(ann, room, textFile('first')));
    await postForm(form, 'first');
    const { attachments } = await bodyOf(201, sendFiles(ann, room, { attachments: [form.upload_id] }));
    expect(await postForm(form, 'later')).toBe(204);
    await eventually(async () => expect(await (await fetch(attachments[0].url)).text()).toBe('first'));
  });
});

/** Sends over HTTP and a socket, and returns the path that is refused by both with the same sentence. */
async function refusedPath(body: object, by = ann, to = room): Promise<string> {
  const path = `/chat/rooms/${to.room_id}/messages/`;
  const answer = await call('POST', path, { token: by.access, body: { content: 'x', ...body } });
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  const socket = await ChatSocket.inRoom(to.room_name, by.access);
  const error = await expectError(socket, { type: 'message', content: 'x', ...body });
  const [field] = answer.body.errors;
  expect(error).toMatchObject({ code: 4005, name: 'invalid_frame', error: field.message });
  await socket.close();
  return field.path;
}

describe('a send', () => {
  it('is refused for uploads of others, of other rooms, sent ones and ids of nothing', async () => {
    const own = await upload(ann, room, textFile());
    const bobs = await upload(bob, room, textFile());
    expect(await refusedPath({ attachments: [own, bobs] })).toBe('attachments.1');
    const elsewhere = await newRoom(ann);
    const there = await upload(ann, elsewhere, textFile());
    expect(await refusedPath({ attachments: [there] })).toBe('attachments.0');
    expect(await refusedPath({ attachments: [own] }, ann, elsewhere)).toBe('attachments.0');
    expect(await refusedPath({ attachments: ['x'.repeat(43)] })).toBe('attachments.0');
    await bodyOf(201, sendFiles(ann, room, { attachments: [own] }));
    expect(await refusedPath({ attachments: [own] })).toBe('attachments.0');
  });

  it('is refused for more than ten, the same twice, or what is no list of ids', async () => {
    const id = await upload(ann, room, textFile());
    const eleven = Array.from({ length: 11 }, (_, n) => id.slice(0, 42) + 'abcdefghijk'.charAt(n));
    for (const attachments of [[id, id], eleven, 'x', {}, null])
      expect(await refusedPath({ attachments })).toBe('attachments');
    expect(await refusedPath({ attachments: [1] })).toBe('attachments.0');
  });

  it.each([[[]], [undefined]])('is refused without text and with the attachments %j', async (attachments) => {
    expect(await refusedPath({ content: '', attachments })).toBe('content');
  });

  it('with the same upload at the same time stores one message, and leaves no gap', async () => {
    const own = await newRoom(ann);
    const id = await upload(ann, own, textFile());
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => sendFiles(ann, own, { attachments: [id] })),
    );
    const [status, ...others] = statusesOf(answers);
    expect(status).toBe(201);
    for (const other of others) expect([400, 503]).toContain(other);
    const messages = await listMessages(ann, own, '?after=0');
    expect(messages).toHaveLength(1);
  });

  it('says that the file of an upload was not posted, and succeeds after it was', async () => {
    const form: DeclaredUpload = await bodyOf(201, declare(ann, room, textFile()));
    const send = () => sendFiles(ann, room, { attachments: [form.upload_id] });
    expect(await send()).toMatchObject({ status: 409, body: { code: 'upload_missing' } });
    const unchecked = await attachment(ann, form.upload_id);
    expect(unchecked).toMatchObject({ status: 409, body: { code: 'upload_not_checked' } });
    expect(unchecked.headers.get('retry-after')).toBe('1');
    await postForm(form, textFile().bytes);
    await eventually(async () => expect(await send()).toMatchObject({ status: 201 }));
  });
});
