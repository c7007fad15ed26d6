/** The live list of rooms: `room_activity` for rooms that a socket has not joined. */
import { beforeEach, expect, test } from 'vitest';
import { ChatSocket, like, type ChatEvent } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { eventually } from '../../kit/eventually.ts';
import { expectError, joinRoom, openWithoutRoom, sendMessage } from '../../kit/room-sockets.ts';
import { addMember, newPrivateRoom, newRoom, postMessage } from '../../kit/rooms.ts';
import { get, newUser, newUsers, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;
beforeEach(async () => {
  [ann, bob] = (await newUsers(2)) as [TestUser, TestUser];
});

const openInbox = async (user: TestUser): Promise<ChatSocket> => {
  const socket = await ChatSocket.open('/ws/chat/?inbox=1', { token: user.access });
  expect(await socket.next('ready')).toMatchObject({ room_id: null, inbox: true });
  return socket;
};

const activity = (room: { room_id: string }, matches: (event: ChatEvent) => boolean = () => true) => {
  const matcher = (event: ChatEvent): boolean =>
    event.type === 'room_activity' && event['room_id'] === room.room_id && matches(event);
  matcher.toString = () => `room_activity that fulfills ${matches.toString()}`;
  return matcher;
};
const shows = (content: string, unread: number) => (event: ChatEvent) =>
  event['last_message']?.content === content && event['unread_count'] === unread;

test('a message over WebSocket or HTTP, an edit and a deletion reach an inbox that has not joined the room', async () => {
  const room = await newPrivateRoom(ann, bob);
  const inbox = await openInbox(bob);
  const anns = await ChatSocket.inRoom(room.room_name, ann.access);
  const { message_id: first, seq } = await sendMessage(anns, 'by socket');
  const event = await inbox.find(activity(room, shows('by socket', 1)));
  expect(event).toEqual({
    type: 'room_activity',
    room_id: room.room_id,
    head: seq,
    unread_count: 1,
    last_message: expect.objectContaining({ message_id: first, sender_username: ann.username }),
  });
  const { message_id: second } = await postMessage(ann, room, 'by request');
  await inbox.find(activity(room, shows('by request', 2)));
  const at = `/chat/messages/${second}`;
  await call('PATCH', `${at}/edit/`, { token: ann.access, body: { content: 'edited' } });
  await inbox.find(activity(room, shows('edited', 2)));
  anns.send({ type: 'delete', message_id: second });
  const deleted = await inbox.find(activity(room, (one) => one['last_message'].is_deleted));
  expect(deleted).toMatchObject({ unread_count: 1 });
  expect(inbox.ofType('chat_message')).toEqual([]);
});

test('many messages at once are few events, the last of which shows the last state', async () => {
  const room = await newPrivateRoom(ann, bob);
  const inbox = await openInbox(bob);
  const anns = await ChatSocket.inRoom(room.room_name, ann.access);
  for (let sent = 1; sent <= 20; sent += 1) await sendMessage(anns, `message ${sent}`);
  await inbox.find(activity(room, shows('message 20', 20)));
  expect(inbox.ofType('room_activity').length).toBeLessThan(10);
  const heads = inbox.ofType('room_activity').map(({ head }) => head);
  expect(heads).toEqual(heads.toSorted((a, b) => a - b));
});

test('reading the room on another device is shown, to the reader alone', async () => {
  const carl = await newUser('carl');
  const room = await newPrivateRoom(ann, bob, carl);
  const [bobs, carls] = [await openInbox(bob), await openInbox(carl)];
  const { message_id } = await postMessage(ann, room, 'hi');
  await Promise.all([bobs, carls].map((inbox) => inbox.find(activity(room, shows('hi', 1)))));
  await call('POST', `/chat/rooms/${room.room_id}/read/`, { token: bob.access, body: { message_id } });
  await bobs.find(activity(room, shows('hi', 0)));
  expect(carls.ofType('room_activity')).toHaveLength(1);
});

test('a socket receives no activity of rooms that it has joined, until it leaves them', async () => {
  const room = await newPrivateRoom(ann, bob);
  const other = await newPrivateRoom(ann, bob);
  const inbox = await openInbox(bob);
  await joinRoom(inbox, room.room_name);
  await postMessage(ann, room, 'in the room');
  await inbox.find(like('chat_message', { message: 'in the room' }));
  await postMessage(ann, other, 'elsewhere');
  await inbox.find(activity(other));
  expect(inbox.events.filter(activity(room))).toEqual([]);
  inbox.send({ type: 'leave', room_id: room.room_id });
  await inbox.find('left');
  await postMessage(ann, room, 'after leaving');
  await inbox.find(activity(room, shows('after leaving', 2)));
});

test('rooms that the user joins, creates or is added to later are covered', async () => {
  const inbox = await openInbox(bob);
  const added = await newPrivateRoom(ann, bob);
  await inbox.find(like('member_added', { room_id: added.room_id }));
  const direct = (await call('GET', `/chat/dm/${bob.id}/`, { token: ann.access })).body;
  await inbox.find(like('member_added', { room_id: direct.room_id }));
  const joined = await newRoom(ann);
  await postMessage(bob, joined, 'hello');
  const created = await newRoom(bob);
  for (const room of [added, direct, joined, created]) {
    await postMessage(ann, room, 'news');
    expect(await inbox.find(activity(room, shows('news', 1)))).toMatchObject({ room_id: room.room_id });
  }
});

test('the command turns an open socket into an inbox, and is answered with its ref', async () => {
  const room = await newPrivateRoom(ann, bob);
  const socket = await openWithoutRoom(bob);
  socket.send({ type: 'inbox', ref: 'r-9' });
  expect(await socket.next('ready')).toMatchObject({ room_id: null, inbox: true, ref: 'r-9' });
  await postMessage(ann, room, 'hi');
  await socket.find(activity(room));
});

test('a socket that did not ask receives none, and one that was opened for a room is refused', async () => {
  const room = await newPrivateRoom(ann, bob);
  const [inbox, plain] = [await openInbox(bob), await openWithoutRoom(bob)];
  const single = await ChatSocket.open(`/ws/chat/${(await newRoom(bob)).room_name}/?inbox=1`, {
    token: bob.access,
  });
  await single.next('history_end');
  await postMessage(ann, room, 'hi');
  await inbox.find(activity(room));
  for (const socket of [plain, single]) expect(socket.ofType('room_activity')).toEqual([]);
  expect(await expectError(single, { type: 'inbox' })).toMatchObject({ code: 4003 });
});

test('a user who was removed receives nothing that was written afterwards', async () => {
  const room = await newPrivateRoom(ann, bob);
  const witness = await newUser('witness');
  await addMember(ann, room, witness);
  const [bobs, witnesses] = [await openInbox(bob), await openInbox(witness)];
  await postMessage(ann, room, 'before');
  await bobs.find(activity(room, shows('before', 1)));
  await call('DELETE', `/chat/rooms/${room.room_id}/members/remove/${bob.id}/`, { token: ann.access });
  await postMessage(ann, room, 'secret');
  await witnesses.find(activity(room, shows('secret', 2)));
  await bobs.find('member_removed');
  expect(JSON.stringify(bobs.events)).not.toContain('secret');
});

test('renaming and deleting a room reach the inboxes that have not joined it, and no others', async () => {
  const room = await newPrivateRoom(ann, bob);
  const [bobs, anns, plain] = [await openInbox(bob), await openInbox(ann), await openWithoutRoom(bob)];
  await joinRoom(anns, room.room_name);
  const at = `/chat/rooms/${room.room_id}/`;
  const renamed = `${room.room_name}-anew`;
  await call('PATCH', at, { token: ann.access, body: { room_name: renamed } });
  const ofRoom = like('room_updated', { room_id: room.room_id });
  expect(await bobs.find(ofRoom)).toMatchObject({ room: { room_name: renamed }, seq: expect.any(Number) });
  await anns.find(ofRoom);
  await call('DELETE', at, { token: ann.access });
  const deletion = like('room_deleted', { room_id: room.room_id });
  for (const inbox of [bobs, anns]) await inbox.find(deletion);
  // What follows on the same socket shows that nothing else was sent before.
  const other = await newPrivateRoom(ann, bob);
  await plain.find(like('member_added', { room_id: other.room_id }));
  for (const type of ['room_updated', 'room_deleted']) {
    expect(plain.ofType(type)).toEqual([]);
    expect([bobs.ofType(type).length, anns.ofType(type).length]).toEqual([1, 1]);
  }
});

test('a rename and a deletion do not reach a user who was removed before', async () => {
  const room = await newPrivateRoom(ann, bob);
  const witness = await newUser('witness');
  await addMember(ann, room, witness);
  const [bobs, witnesses] = [await openInbox(bob), await openInbox(witness)];
  const at = `/chat/rooms/${room.room_id}/`;
  await call('DELETE', `${at}members/remove/${bob.id}/`, { token: ann.access });
  await bobs.find(like('member_removed', { room_id: room.room_id }));
  await call('PATCH', at, { token: ann.access, body: { room_name: `${room.room_name}-anew` } });
  await call('DELETE', at, { token: ann.access });
  await witnesses.find(like('room_deleted', { room_id: room.room_id }));
  expect(bobs.events.at(-1)).toMatchObject({ type: 'member_removed' });
});

test('a list that is fetched after ready, and the events after it, leave nothing out', async () => {
  const room = await newPrivateRoom(ann, bob);
  const anns = await ChatSocket.inRoom(room.room_name, ann.access);
  const sent: number[] = [];
  const over = new AbortController();
  const writing = (async () => {
    while (!over.signal.aborted) sent.push((await sendMessage(anns, 'hi'))['seq']);
  })();
  const inbox = await openInbox(bob);
  const [listed] = (await get(bob, '/chat/rooms/mine/')).body;
  const known = listed.last_message?.seq ?? 0;
  over.abort();
  await writing;
  await eventually(() => {
    const heads = inbox.ofType('room_activity').map(({ head }) => head);
    expect(Math.max(known, ...heads)).toBe(sent.at(-1));
  });
});
