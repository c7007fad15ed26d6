/** A chat server in memory behind fake sockets: rooms with names and logs, and latency in each direction. */
import type { ChatClient } from '../../client/src/index.ts';
import { createFakeSystem, FakeSocket, type FakeSystem, type ManualClock } from './fake-system.ts';
import { ann, bob, type Frame } from './server-events.ts';
import { FakeFiles, type FakeUpload } from './uploads/fake-files.ts';

export interface FakeRoom {
  id: string;
  name: string;
  isPrivate: boolean;
  texts: { content: string; user: string; client_id: unknown; files?: FakeUpload[] | undefined }[];
}

export class FakeServer {
  rooms: FakeRoom[] = [];
  /** Returns the latency of a frame in one direction, in milliseconds. */
  latencyMs: (frame: Frame) => number = () => 200;
  /** Returns whether a frame, in either direction, is lost. */
  loses: (frame: Frame) => boolean = () => false;
  readonly systems: FakeSystem[] = [];
  readonly files = new FakeFiles(() => this.clock);
  readonly received: Frame[] = [];
  private readonly open = new Map<FakeSocket, Set<string>>();
  private createdRooms = 0;

  /** Creates a client of this server. All clients of a server share the clock of the first one. */
  client(options: Omit<Parameters<typeof createFakeSystem>[0], 'clock'> = {}): FakeSystem {
    const deliver = (socket: FakeSocket, frame: Frame): void => this.deliver(socket, frame);
    class ServedSocket extends FakeSocket {
      override send(data: string): void {
        super.send(data);
        deliver(this, JSON.parse(data) as Frame);
      }
    }
    const system = createFakeSystem({
      WebSocket: ServedSocket,
      clock: this.systems[0]?.clock,
      handle: this.files.handle,
      ...options,
    });
    this.systems.push(system);
    return system;
  }

  /** Accepts new sockets, and lets that much time pass. */
  async pass(milliseconds: number): Promise<void> {
    const { clock } = this.systems[0] as FakeSystem;
    for (let passed = 0; passed < milliseconds; passed += 20) {
      for (const socket of FakeSocket.all.filter(({ readyState }) => readyState === 0)) {
        socket.accept();
        this.open.set(socket, new Set());
      }
      await clock.advance(20);
    }
  }

  get clock(): ManualClock {
    return (this.systems[0] as FakeSystem).clock;
  }

  room(name: string, { isPrivate = false } = {}): FakeRoom {
    this.createdRooms += 1;
    const id = `11111111-1111-4111-8111-${String(this.createdRooms).padStart(12, '0')}`;
    const room = { id, name, isPrivate, texts: [] };
    this.rooms.push(room);
    return room;
  }

  /** The names of the rooms that are open on a socket that is not closed, sorted. */
  get present(): string[] {
    const ids = [...this.open].flatMap(([socket, rooms]) => (socket.readyState === 1 ? [...rooms] : []));
    return ids.map((id) => this.rooms.find((room) => room.id === id)?.name ?? id).sort();
  }

  texts(name: string): string[] | undefined {
    return this.rooms.find((room) => room.name === name)?.texts.map(({ content }) => content);
  }

  /** Another user, on a device that is not part of the test, writes a message. */
  write(name: string, content: string): void {
    const room = this.rooms.find((one) => one.name === name) as FakeRoom;
    const text = { content, user: 'bob', client_id: undefined };
    room.texts.push(text);
    for (const [other, theirs] of this.open)
      if (theirs.has(room.id)) this.answer(other, this.said(room, text, room.texts.length));
  }

  delete(room: FakeRoom): void {
    this.rooms = this.rooms.filter((other) => other !== room);
    for (const rooms of this.open.values()) rooms.delete(room.id);
  }

  private deliver(socket: FakeSocket, frame: Frame): void {
    const { clock } = this.systems[0] as FakeSystem;
    clock.after(this.latencyMs(frame), () => {
      if (socket.readyState === 1 && !this.loses(frame)) this.receive(socket, frame);
    });
  }

  private receive(socket: FakeSocket, frame: Frame): void {
    this.received.push(frame);
    const rooms = this.open.get(socket) ?? new Set<string>();
    const ref = frame['ref'] === undefined ? {} : { ref: frame['ref'] };
    const fail = (code: number, name: string): void =>
      this.answer(socket, { type: 'error', error: name, code, name, retryable: false, ...ref });
    switch (frame.type) {
      case 'join': {
        const room = this.find(frame);
        if (room === undefined) return fail(4004, 'not_found');
        rooms.add(room.id);
        const user = userOf(socket);
        const events = room.texts.map((text, index) => this.said(room, text, index + 1));
        const head = room.texts.length;
        return this.answer(socket, [
          { type: 'ready', user, room_id: room.id, room: room.name, head, heartbeat_seconds: 60, ...ref },
          { type: 'room_users_list', room_id: room.id, users: [user] },
          ...events.slice(Number(frame['after'] ?? 0)),
          {
            type: 'history_end',
            room_id: room.id,
            first_seq: head === 0 ? null : 1,
            head,
            has_more: false,
            recovered: true,
            ...ref,
          },
        ]);
      }
      case 'history': {
        const room = this.rooms.find(({ id }) => id === frame['room_id']);
        if (room === undefined || !rooms.has(room.id)) return fail(4004, 'not_found');
        const head = room.texts.length;
        const events = room.texts.map((text, index) => this.said(room, text, index + 1));
        const end = { type: 'history_end', room_id: room.id, first_seq: head === 0 ? null : 1, head };
        return this.answer(socket, [
          ...events.slice(Number(frame['after'] ?? 0), Number(frame['before'] ?? head + 1) - 1),
          { ...end, has_more: false, recovered: true, ...ref },
        ]);
      }
      case 'inbox': {
        const first = { user: userOf(socket), room_id: null, room: null, head: null, heartbeat_seconds: 60 };
        return this.answer(socket, { type: 'ready', ...first, server_time: '', inbox: true, ...ref });
      }
      case 'leave':
        rooms.delete(frame['room_id'] as string);
        return this.answer(socket, { type: 'left', room_id: frame['room_id'], ...ref });
      case 'message': {
        const room = this.rooms.find(({ id }) => id === frame['room_id']);
        if (room === undefined || !rooms.has(room.id)) return fail(4004, 'not_found');
        const { client_id, content } = frame;
        const known = room.texts.findIndex((text) => text.client_id === client_id);
        const user = userOf(socket);
        const ids = (frame['attachments'] ?? []) as string[];
        const before = room.texts[known]?.files?.map(({ id }) => id) ?? [];
        if (known !== -1 && before.join() !== ids.join()) return fail(4009, 'conflict');
        const place = { user: user.username, roomId: room.id, clientId: client_id };
        const refusal = ids.map((id) => this.files.problemOf(id, place)).find((name) => name !== undefined);
        if (refusal !== undefined) return fail(refusal === 'conflict' ? 4009 : 4005, refusal);
        const files = ids.length === 0 ? undefined : ids.map((id) => this.files.find(id) as FakeUpload);
        for (const file of files ?? []) file.attachedTo = String(client_id);
        const text = { content: String(content), user: user.username, client_id, files };
        if (known === -1) room.texts.push(text);
        const seq = known === -1 ? room.texts.length : known + 1;
        const event = this.said(room, room.texts[seq - 1] as FakeRoom['texts'][number], seq);
        for (const [other, theirs] of this.open) {
          if (known === -1 && theirs.has(room.id)) this.answer(other, event);
        }
        const { message_id, timestamp } = event;
        const duplicate = known !== -1;
        const ack = { type: 'ack', client_id, message_id, room_id: room.id, seq, timestamp, duplicate };
        return this.answer(socket, ack);
      }
      case 'ping': {
        const heads = Object.fromEntries(
          this.rooms.filter(({ id }) => rooms.has(id)).map(({ id, texts }) => [id, texts.length]),
        );
        return this.answer(socket, { type: 'pong', heads, server_time: '' });
      }
    }
  }

  private find({ room: name, room_id: id, create }: Frame): FakeRoom | undefined {
    if (id !== undefined) return this.rooms.find((room) => room.id === id);
    const normalized = String(name).normalize('NFKC').toLowerCase();
    const found = this.rooms.find((room) => room.name.toLowerCase() === normalized);
    return found ?? (create === false ? undefined : this.room(String(name)));
  }

  private said(
    room: FakeRoom,
    { content, user, client_id, files }: FakeRoom['texts'][number],
    seq: number,
  ): Frame {
    return {
      type: 'chat_message',
      message_id: `${room.id}.${seq}`,
      room_id: room.id,
      seq,
      message: content,
      sender_id: userNamed(user).id,
      sender_username: user,
      timestamp: '2027-01-15T08:00:00.000Z',
      edited_at: null,
      is_deleted: false,
      client_id,
      ...(files && { attachments: files.map((file) => this.files.attachmentOf(file)) }),
    };
  }

  private answer(socket: FakeSocket, events: Frame | Frame[]): void {
    const { clock } = this.systems[0] as FakeSystem;
    const [first] = [events].flat();
    if (first === undefined || this.loses(first)) return;
    clock.after(this.latencyMs(first), () => {
      if (socket.readyState === 1) socket.push(events);
    });
  }
}

/** Returns the user of a socket's ticket: the fake API puts the username into the ticket. */
function userOf(socket: FakeSocket): typeof ann {
  return userNamed(socket.protocols[1]?.split('.')[2] ?? 'ann');
}

function userNamed(username: string): typeof ann {
  return username === 'bob' ? bob : ann;
}

/** Signs a client in and connects it. */
export async function start({ client }: { client: ChatClient }, username = 'ann'): Promise<void> {
  await client.signIn(username, 'secret');
  client.connect();
}
