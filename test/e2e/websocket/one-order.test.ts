/** A room has one order without gaps, the same for every socket and for the history. */
import { expect, test } from 'vitest';
import { ChatSocket } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { sendMessage } from '../../kit/room-sockets.ts';
import { newRoom, postMessage } from '../../kit/rooms.ts';
import { newUsers } from '../../kit/users.ts';

const perSender = 12;

test('five concurrent senders see the same messages, with the seqs 1, 2, 3 and so on', async () => {
  const users = await newUsers(5);
  const room = await newRoom(users[0] as (typeof users)[number]);
  const sockets = await Promise.all(users.map(({ access }) => ChatSocket.inRoom(room.room_name, access)));
  const acks = await Promise.all(
    sockets.map(async (socket, sender) => {
      const texts = Array.from({ length: perSender }, (_, at) => `${sender}/${at}`);
      return Promise.all(texts.map((text) => sendMessage(socket, text)));
    }),
  );
  const total = users.length * perSender;
  const seqs = Array.from({ length: total }, (_, at) => at + 1);
  expect(
    acks
      .flat()
      .map((ack) => ack['seq'] as number)
      .sort((a, b) => a - b),
  ).toEqual(seqs);

  const history = await call('GET', `/chat/rooms/${room.room_id}/messages/?limit=100`, {
    token: users[0]?.access,
  });
  expect(history.body.map((message: any) => message.seq)).toEqual(seqs);
  const expected = history.body.map(({ seq, content }: any) => [seq, content]);
  for (const socket of sockets) {
    await socket.find(() => socket.ofType('chat_message').length >= total);
    const seen = socket.ofType('chat_message').sort((a, b) => a['seq'] - b['seq']);
    expect(seen.map((event) => [event['seq'], event['message']])).toEqual(expected);
  }
});

test('consecutive messages of one sender keep their order', async () => {
  const [ann, bob] = (await newUsers(2)) as [any, any];
  const room = await newRoom(ann);
  const bobs = await ChatSocket.inRoom(room.room_name, bob.access);
  const anns = await ChatSocket.inRoom(room.room_name, ann.access);
  for (let at = 1; at <= 10; at += 1) {
    const seq =
      at % 2 === 0
        ? (await postMessage(ann, room, `m${at}`)).seq
        : (await sendMessage(anns, `m${at}`))['seq'];
    expect(seq).toBe(at);
  }
  await bobs.find(() => bobs.ofType('chat_message').length >= 10);
  const seen = bobs.ofType('chat_message').sort((a, b) => a['seq'] - b['seq']);
  expect(seen.map((event) => event['message'])).toEqual(Array.from({ length: 10 }, (_, at) => `m${at + 1}`));
});

test('each room has its own seqs', async () => {
  const [ann] = (await newUsers(1)) as [any];
  const rooms = await Promise.all([newRoom(ann), newRoom(ann), newRoom(ann)]);
  const sockets = await Promise.all(rooms.map((room) => ChatSocket.inRoom(room.room_name, ann.access)));
  for (const expected of [1, 2]) {
    const acks = await Promise.all(sockets.map((socket) => sendMessage(socket, 'hi')));
    expect(acks.map((ack) => ack['seq'])).toEqual([expected, expected, expected]);
  }
});
