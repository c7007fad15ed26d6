/** Files are uploaded for the next message of a room: their states, what is refused, and what is tried again. */
import { describe, expect, test } from 'vitest';
import type { Room, Upload } from '../../../client/src/index.ts';
import '../../../client/src/uploads/uploader.ts';
import { FakeServer, start } from '../fake-server.ts';

const megabyte = 1024 * 1024;

const fileOf = (text: string, name = 'plan.txt', type = 'text/plain'): File =>
  new File([text], name, { type });

async function openRoom(server = new FakeServer()): Promise<{ server: FakeServer; room: Room }> {
  const system = server.client();
  await start(system);
  const room = system.client.room('general');
  await server.pass(2_000);
  return { server, room };
}

const last = (room: Room): Upload => room.uploads.getSnapshot().at(-1) as Upload;
const states = (room: Room): string[] => room.uploads.getSnapshot().map(({ state }) => state);

describe('an upload', () => {
  test('is declared, posted and checked, and shows each state', async () => {
    const { server, room } = await openRoom();
    server.files.checks = false;
    const seen: string[] = [];
    room.uploads.subscribe(() => seen.push(states(room).join()));
    const added = room.uploads.add(fileOf('hello'), { alt: 'a plan' });
    expect(added).toMatchObject({
      name: 'plan.txt',
      size: 5,
      type: 'text/plain',
      alt: 'a plan',
      state: 'waiting',
    });
    expect(added.previewUrl).toMatch(/^blob:/);
    await server.pass(1_000);
    expect(last(room)).toMatchObject({ state: 'checking', sentBytes: 5 });
    server.files.check();
    await server.pass(10_000);
    expect(last(room)).toMatchObject({ state: 'ready', problem: undefined });
    expect([...new Set(seen)]).toEqual(['waiting', 'sending', 'checking', 'ready']);
    expect(server.files.uploads).toMatchObject([
      { text: 'hello', declared: { name: 'plan.txt', type: 'text/plain', size: 5, alt: 'a plan' } },
    ]);
  });

  test('is the last field of its form, after the fields of the server', async () => {
    const { server, room } = await openRoom();
    room.uploads.add(fileOf('hello'));
    await server.pass(1_000);
    expect(server.files.uploads[0]?.text).toBe('hello');
  });

  test('runs with two others at most, and in the order in which they were added', async () => {
    const { server, room } = await openRoom();
    let open = (): void => {};
    server.files.gate = new Promise<void>((resolve) => (open = resolve));
    for (const text of ['a', 'b', 'c', 'd', 'e']) room.uploads.add(fileOf(text, `${text}.txt`));
    await server.pass(100);
    expect(states(room)).toEqual(['sending', 'sending', 'sending', 'waiting', 'waiting']);
    open();
    await server.pass(5_000);
    expect(states(room)).toEqual(['ready', 'ready', 'ready', 'ready', 'ready']);
    expect(server.files.maxActive).toBe(3);
    expect(server.files.uploads.map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test.each([
    ['an empty file', fileOf(''), 'file_empty'],
    ['a file of more than 10 MB', fileOf('x'.repeat(10 * megabyte + 1)), 'file_too_large'],
  ])('refuses %s without a request', async (_, file, code) => {
    const { server, room } = await openRoom();
    room.uploads.add(file);
    await server.pass(100);
    expect(last(room)).toMatchObject({ state: 'failed', problem: { code } });
    expect(server.files.uploads).toEqual([]);
    expect(() => room.send('hi', { attachments: [last(room)] })).toThrow(last(room).problem?.detail);
  });

  test('refuses the eleventh file until another one is removed', async () => {
    const { server, room } = await openRoom();
    for (let count = 0; count < 11; count += 1) room.uploads.add(fileOf('x'));
    await server.pass(5_000);
    expect(states(room).filter((state) => state === 'ready')).toHaveLength(10);
    expect(last(room)).toMatchObject({ state: 'failed', problem: { code: 'invalid_request' } });
    room.uploads.getSnapshot()[0]?.remove();
    last(room).retry();
    await server.pass(5_000);
    expect(states(room)).toEqual(Array.from({ length: 10 }, () => 'ready'));
  });

  test('waits for the network, says why, and goes on by itself', async () => {
    const { server, room } = await openRoom();
    server.files.isCut = true;
    room.uploads.add(fileOf('x'));
    await server.pass(1_000);
    expect(last(room)).toMatchObject({ state: 'waiting', problem: { code: 'unreachable' } });
    server.files.isCut = false;
    await server.pass(30_000);
    expect(last(room)).toMatchObject({ state: 'ready', problem: undefined });
  });

  test('declares the file anew when the storage refuses the form, three times at most', async () => {
    const { server, room } = await openRoom();
    server.files.refusesForms = true;
    room.uploads.add(fileOf('x'));
    await server.pass(1_000);
    expect(last(room)).toMatchObject({ state: 'failed', problem: { code: 'forbidden', status: 403 } });
    expect(server.files.uploads).toHaveLength(3);
    server.files.refusesForms = false;
    last(room).retry();
    await server.pass(1_000);
    expect(last(room)).toMatchObject({ state: 'ready' });
    expect(server.files.uploads).toHaveLength(4);
  });

  test('fails for good when the server refuses the file, and says why', async () => {
    const { server, room } = await openRoom();
    server.files.refusalOf = () => 'unreadable_image';
    room.uploads.add(fileOf('x', 'x.png', 'image/png'));
    await server.pass(60_000);
    expect(last(room)).toMatchObject({ state: 'failed', problem: { code: 'unreadable_image' } });
    expect(server.files.uploads).toHaveLength(1);
  });

  test('stops when it is canceled, and starts again on request', async () => {
    const { server, room } = await openRoom();
    let open = (): void => {};
    server.files.gate = new Promise<void>((resolve) => (open = resolve));
    room.uploads.add(fileOf('x'));
    await server.pass(100);
    last(room).cancel();
    await server.pass(100);
    expect(last(room)).toMatchObject({ state: 'failed', problem: { code: 'canceled' } });
    open();
    await server.pass(5_000);
    expect(last(room).state).toBe('failed');
    expect(server.files.uploads.map(({ text }) => text)).toEqual([undefined]);
    last(room).retry();
    await server.pass(5_000);
    expect(last(room).state).toBe('ready');
  });

  test('gets a name that the server accepts', async () => {
    const { server, room } = await openRoom();
    room.uploads.add(fileOf('x', 'C:\\photos\\gpj\u202e.exe'));
    room.uploads.add(fileOf('x', `${'ä'.repeat(200)}.jpeg`));
    room.uploads.add(new Blob(['x'], { type: 'image/png' }));
    await server.pass(2_000);
    const names = server.files.uploads.map(({ declared }) => declared.name);
    expect(names).toEqual(['gpj.exe', `${'ä'.repeat(125)}.jpeg`, 'file']);
  });

  test.each([
    ['it is removed', (room: Room) => last(room).remove()],
    ['its view is closed', (room: Room) => room.close()],
  ])('is stopped and freed when %s', async (_, end) => {
    const { server, room } = await openRoom();
    let open = (): void => {};
    server.files.gate = new Promise<void>((resolve) => (open = resolve));
    const { previewUrl = '' } = room.uploads.add(fileOf('x'));
    await server.pass(100);
    end(room);
    open();
    await server.pass(5_000);
    expect(room.uploads.getSnapshot()).toEqual([]);
    expect(server.files.uploads.map(({ text }) => text)).toEqual([undefined]);
    await expect(fetch(previewUrl)).rejects.toThrow('fetch failed');
  });

  test('is stopped and freed when the user signs out', async () => {
    const server = new FakeServer();
    const system = server.client();
    await start(system);
    const room = system.client.room('general');
    await server.pass(2_000);
    let open = (): void => {};
    server.files.gate = new Promise<void>((resolve) => (open = resolve));
    const { previewUrl = '' } = room.uploads.add(fileOf('x'));
    await server.pass(100);
    await system.client.signOut();
    open();
    await server.pass(1_000);
    expect(room.uploads.getSnapshot()).toEqual([]);
    expect(server.files.uploads.map(({ text }) => text)).toEqual([undefined]);
    await expect(fetch(previewUrl)).rejects.toThrow('fetch failed');
  });

  test('waits until the id of its room is known', async () => {
    const server = new FakeServer();
    const system = server.client();
    await system.client.signIn('ann', 'secret');
    const room = system.client.room('general');
    room.uploads.add(fileOf('x'));
    await server.pass(2_000);
    expect([last(room).state, server.files.uploads]).toEqual(['waiting', []]);
    system.client.connect();
    await server.pass(5_000);
    expect(last(room).state).toBe('ready');
    expect(server.files.uploads[0]?.roomId).toBe(room.roomId);
  });
});
