/** Messages with attachments, over HTTP and sockets. */
import { describe, expect, it } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { eventually } from '../../kit/eventually.ts';
import { bodyOf } from '../../kit/request.ts';
import { openRoomOfTwo, sendMessage } from '../../kit/room-sockets.ts';
import { listMessages, newPrivateRoom } from '../../kit/rooms.ts';
import { attachment, postFile, sendFiles, textFile, upload, type TestFile } from '../../kit/uploads.ts';
import { get, newUser, type TestUser } from '../../kit/users.ts';
import { download, png, shownPng } from './suite.ts';

const change = (method: string, rest: string, { access }: TestUser, { message_id: id }: any, body?: object) =>
  call(method, `/chat/messages/${id}/${rest}/`, { token: access, ...(body && { body }) });

describe('a message with attachments', () => {
  it('that is sent over HTTP reaches every socket of the room', async () => {
    const { ann, room, anns, bobs } = await openRoomOfTwo();
    const message = await postFile(ann, room, png);
    for (const socket of [anns, bobs]) {
      const event = await socket.find(like('chat_message', { message_id: message.message_id }));
      expect(event).toMatchObject({ message: '', attachments: [shownPng] });
    }
    await Promise.all([anns.close(), bobs.close()]);
  });

  it('that is sent over a socket reaches the others, the history and later sockets', async () => {
    const { ann, bob, room, anns, bobs } = await openRoomOfTwo();
    const id = await upload(ann, room, png);
    const { seq } = await sendMessage(anns, 'look', { attachments: [id] });
    const event = await bobs.find(like('chat_message', { seq }));
    expect(event).toMatchObject({ message: 'look', attachments: [{ ...shownPng, attachment_id: id }] });
    expect(await anns.find(like('chat_message', { seq }))).toEqual(event);
    expect(await listMessages(bob, room)).toMatchObject([{ content: 'look', attachments: [shownPng] }]);
    const [newest, resumed] = [
      await ChatSocket.inRoom(room.room_name, bob.access),
      await ChatSocket.inRoom(room.room_name, bob.access, `?after=${seq - 1}&batch=1`),
    ];
    for (const socket of [newest, resumed])
      expect(socket.ofType('chat_message')).toMatchObject([{ seq, attachments: [shownPng] }]);
    newest.send({ type: 'history', before: seq + 1 });
    await newest.next('history_end');
    expect(newest.ofType('chat_message').at(-1)).toMatchObject({ seq, attachments: [shownPng] });
    await Promise.all([anns, bobs, newest, resumed].map((socket) => socket.close()));
  });

  it('can be sent in the short form of the command', async () => {
    const { ann, room, anns, bobs } = await openRoomOfTwo();
    anns.send({ message: '', attachments: [await upload(ann, room, textFile())] });
    expect(await bobs.find('chat_message')).toMatchObject({
      message: '',
      attachments: [{ name: 'plan.txt' }],
    });
    await Promise.all([anns.close(), bobs.close()]);
  });

  it('shows ten in their order, and lists of rooms show how many they are', async () => {
    const ann = await newUser('ann');
    const room = await newPrivateRoom(ann);
    const files = Array.from({ length: 10 }, (_, n) => textFile(`text ${n}`, `${n}.txt`));
    const ids = await Promise.all(files.map((file) => upload(ann, room, file)));
    const message = await bodyOf(201, sendFiles(ann, room, { attachments: ids }));
    expect(message.attachments.map(({ name }: TestFile) => name)).toEqual(files.map(({ name }) => name));
    const [mine] = await bodyOf(200, get(ann, '/chat/rooms/mine/'));
    expect(mine.last_message).toMatchObject({ message_id: message.message_id, attachment_count: 10 });
    expect(mine.last_message).not.toHaveProperty('attachments');
    const own = await bodyOf(200, get(ann, '/users/auth/export/'));
    expect(own.messages).toMatchObject([{ message_id: message.message_id }]);
    expect(own.messages[0].attachments).toHaveLength(10);
  });

  it('keeps them when it is edited, also to no text', async () => {
    const { ann, bob, room, anns, bobs } = await openRoomOfTwo();
    const id = await upload(ann, room, png);
    const sent = await bodyOf(201, sendFiles(ann, room, { content: 'look', attachments: [id] }));
    const edited = await change('PATCH', 'edit', ann, sent, { content: 'look here' });
    expect(edited.body).toMatchObject({ content: 'look here', attachments: [shownPng] });
    anns.send({ type: 'edit', message_id: sent.message_id, content: '' });
    await bobs.find(like('message_edited', { new_content: '' }));
    expect(await listMessages(bob, room)).toMatchObject([{ content: '', attachments: [shownPng] }]);
    const plain = await sendMessage(anns, 'words');
    expect(await change('PATCH', 'edit', ann, plain, { content: '' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'content' }] },
    });
    await Promise.all([anns.close(), bobs.close()]);
  });

  it('loses them when it is deleted, and their files are gone soon after', async () => {
    const { ann, bob, room, anns, bobs } = await openRoomOfTwo();
    const sent = await postFile(ann, room, png);
    const [{ attachment_id: id, url }] = sent.attachments;
    expect((await download(url)).status).toBe(200);
    await bodyOf(204, change('DELETE', 'delete', ann, sent));
    await bobs.find('message_deleted');
    const [deleted] = await listMessages(bob, room);
    expect(deleted).toMatchObject({ is_deleted: true });
    expect(deleted).not.toHaveProperty('attachments');
    for (const user of [ann, bob])
      expect(await attachment(user, id)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    await eventually(async () => expect((await download(url)).status).not.toBe(200));
    await Promise.all([anns.close(), bobs.close()]);
  });

  it('is stored once for a client_id, also after it was deleted', async () => {
    const { ann, room, anns, bobs } = await openRoomOfTwo();
    const id = await upload(ann, room, textFile());
    const send = (attachments: string[]) =>
      sendFiles(ann, room, { content: 'once', client_id: 'c-1', attachments });
    const first = await bodyOf(201, send([id]));
    expect(await bodyOf(200, send([id]))).toMatchObject({ message_id: first.message_id });
    anns.send({ type: 'message', content: 'once', client_id: 'c-1', attachments: [id] });
    expect(await anns.find(like('ack', { client_id: 'c-1' }))).toMatchObject({
      duplicate: true,
      message_id: first.message_id,
    });
    const other = await upload(ann, room, textFile());
    for (const attachments of [[other], []])
      expect(await send(attachments)).toMatchObject({ status: 409, body: { code: 'client_id_reused' } });
    await bodyOf(204, change('DELETE', 'delete', ann, first));
    expect(await bodyOf(200, send([id]))).toMatchObject({ message_id: first.message_id, is_deleted: true });
    expect(await listMessages(ann, room)).toHaveLength(1);
    await Promise.all([anns.close(), bobs.close()]);
  });
});
