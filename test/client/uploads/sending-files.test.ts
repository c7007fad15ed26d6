/** Messages with files: shown at once, sent when the files are uploaded, repeated without doubling, and kept on the device. */
import { openDB } from 'idb';
import { describe, expect, test } from 'vitest';
import {
  storageOutboxStore,
  storageTokenStore,
  type Room,
  type StorageLike,
} from '../../../client/src/index.ts';
import '../../../client/src/uploads/uploader.ts';
import { FakeServer, start } from '../fake-server.ts';
import { fakeStorage } from '../fake-storage.ts';
import type { FakeSystem } from '../fake-system.ts';
import { openFakeBrowser, until } from '../offline/fake-browser.ts';

const fileOf = (text: string, name = 'plan.txt'): File => new File([text], name, { type: 'text/plain' });
const filesName = 'chat:http://chat.test:files';
const hours = 60 * 60_000;

type FakeBrowser = ReturnType<typeof openFakeBrowser>;

interface Opened {
  server: FakeServer;
  system: FakeSystem;
  room: Room;
}

async function open(
  server = new FakeServer(),
  options: Parameters<FakeServer['client']>[0] = {},
): Promise<Opened> {
  const system = server.client(options);
  await start(system);
  const room = system.client.room('general');
  await server.pass(2_000);
  return { server, system, room };
}

/** Options of a client whose outbox and files outlive it. */
const onDevice = (storage: StorageLike) => ({
  tokens: storageTokenStore(storage),
  outbox: storageOutboxStore(storage),
  cache: true,
});

const sentFiles = (server: FakeServer): (string[] | undefined)[] =>
  server.rooms.flatMap(({ texts }) => texts.map(({ files }) => files?.map(({ text }) => text ?? '')));

describe('a message with files', () => {
  test('is shown at once with the files of this device, and with the addresses of the server once it is stored', async () => {
    const { server, room } = await open();
    server.files.latencyMs = () => 200;
    room.uploads.add(fileOf('one'), { alt: 'a plan' });
    const { previewUrl } = room.uploads.getSnapshot()[0]!;
    await server.pass(100);
    room.send('look', { attachments: room.uploads.getSnapshot() });
    expect(room.uploads.getSnapshot()).toEqual([]);
    expect(room.messages).toMatchObject([
      {
        content: 'look',
        state: 'sending',
        attachments: [{ name: 'plan.txt', size: 3, alt: 'a plan', url: previewUrl }],
      },
    ]);
    await server.pass(5_000);
    expect(sentFiles(server)).toEqual([['one']]);
    expect(room.messages).toMatchObject([
      { content: 'look', state: 'sent', attachments: [{ attachment_id: 'upload1', alt: 'a plan' }] },
    ]);
    expect(room.messages[0]?.attachments?.[0]?.url).toMatch(/^https:/);
    await expect(fetch(previewUrl!)).rejects.toThrow('fetch failed');
  });

  test('may have no text, but a message without files may not', async () => {
    const { server, room } = await open();
    room.uploads.add(fileOf('one'));
    room.send('', { attachments: room.uploads.getSnapshot() });
    await server.pass(5_000);
    expect(sentFiles(server)).toEqual([['one']]);
    expect(() => room.send('')).toThrow('empty');
  });

  test('is sent before a file is checked', async () => {
    const { server, room } = await open();
    server.files.checks = false;
    room.uploads.add(fileOf('one'));
    await server.pass(1_000);
    expect(room.uploads.getSnapshot()).toMatchObject([{ state: 'checking' }]);
    room.send('look', { attachments: room.uploads.getSnapshot() });
    await server.pass(1_000);
    expect(sentFiles(server)).toEqual([['one']]);
  });

  test('keeps the order of writing: a text that was written after it waits for its files', async () => {
    const { server, room } = await open();
    let release = (): void => {};
    server.files.gate = new Promise<void>((resolve) => (release = resolve));
    room.uploads.add(fileOf('one'));
    room.send('look', { attachments: room.uploads.getSnapshot() });
    room.send('after it');
    await server.pass(3_000);
    expect(server.texts('general')).toEqual([]);
    release();
    await server.pass(5_000);
    expect(server.texts('general')).toEqual(['look', 'after it']);
  });

  test('cannot have uploads of another room', async () => {
    const { server, system, room } = await open();
    const other = system.client.room('plans');
    await server.pass(2_000);
    const upload = other.uploads.add(fileOf('one'));
    expect(() => room.send('look', { attachments: [upload] })).toThrow('not among the uploads of this room');
    expect(room.messages).toEqual([]);
  });

  test('fails with the reason for which the server refuses a file, and is sent after a retry', async () => {
    const { server, room } = await open();
    server.files.refusalOf = () => 'type_mismatch';
    room.uploads.add(fileOf('one'));
    room.send('look', { attachments: room.uploads.getSnapshot() });
    await server.pass(5_000);
    expect(room.messages).toMatchObject([{ state: 'failed', problem: { code: 'type_mismatch' } }]);
    server.files.refusalOf = () => undefined;
    room.retry(room.messages[0]?.client_id ?? '');
    await server.pass(5_000);
    expect(sentFiles(server)).toEqual([['one']]);
  });

  test('fails with the reason of a refusal that comes with the message itself', async () => {
    const { server, room } = await open();
    server.files.checks = false;
    room.uploads.add(fileOf('one'));
    await server.pass(500);
    server.files.refusalOf = () => 'unreadable_image';
    room.send('look', { attachments: room.uploads.getSnapshot() });
    await server.pass(5_000);
    expect(room.messages).toMatchObject([{ state: 'failed', problem: { code: 'unreadable_image' } }]);
  });

  test('is uploaded again when its description was changed after the upload', async () => {
    const { server, room } = await open();
    room.uploads.add(fileOf('one'));
    await server.pass(2_000);
    room.uploads.getSnapshot()[0]?.setAlt('a plan');
    room.send('look', { attachments: room.uploads.getSnapshot() });
    await server.pass(5_000);
    expect(room.messages).toMatchObject([{ attachments: [{ attachment_id: 'upload2', alt: 'a plan' }] }]);
  });

  test('is stored once when the answer to it is lost', async () => {
    const { server, room } = await open();
    server.loses = ({ type }) => type === 'ack' || type === 'chat_message';
    room.uploads.add(fileOf('one'));
    room.send('look', { attachments: room.uploads.getSnapshot() });
    await server.pass(6_000);
    server.loses = () => false;
    await server.pass(30_000);
    expect(sentFiles(server)).toEqual([['one']]);
    expect(room.messages).toMatchObject([{ state: 'sent', attachments: [{ attachment_id: 'upload1' }] }]);
  });

  test('is uploaded anew when it has waited for more than twelve hours, and stored once if it was stored before', async () => {
    const { server, system, room } = await open();
    room.uploads.add(fileOf('one'));
    await server.pass(2_000);
    system.client.disconnect();
    room.send('look', { attachments: room.uploads.getSnapshot() });
    await server.clock.advance(13 * hours);
    system.client.connect();
    await server.pass(10_000);
    expect(sentFiles(server)).toEqual([['one']]);
    expect(room.messages).toMatchObject([{ state: 'sent', attachments: [{ attachment_id: 'upload2' }] }]);
  });

  test('counts as sent when the server has it with other uploads', async () => {
    const { server, room } = await open();
    room.uploads.add(fileOf('one'));
    await server.pass(2_000);
    room.send('look', { attachments: room.uploads.getSnapshot() });
    const { client_id } = room.messages[0]!;
    const files = [{ ...server.files.uploads[0]!, id: 'other', text: 'one' }];
    server.rooms[0]?.texts.push({ content: 'look', user: 'ann', client_id, files });
    await server.pass(30_000);
    expect(server.texts('general')).toEqual(['look']);
    expect(room.messages.filter(({ state }) => state !== 'sent')).toEqual([]);
  });

  test('is uploaded again when the server says that a file was not posted', async () => {
    const { server, room } = await open();
    room.uploads.add(fileOf('one'));
    await server.pass(2_000);
    Object.assign(server.files.uploads[0]!, { text: undefined, isChecked: false });
    room.send('look', { attachments: room.uploads.getSnapshot() });
    await server.pass(60_000);
    expect(sentFiles(server)).toEqual([['one']]);
    expect(room.messages).toMatchObject([{ state: 'sent', attachments: [{ attachment_id: 'upload2' }] }]);
  });

  test('frees its files when it is discarded', async () => {
    const { server, system, room } = await open();
    system.client.disconnect();
    const { previewUrl = '' } = room.uploads.add(fileOf('one'));
    room.send('look', { attachments: room.uploads.getSnapshot() });
    room.discard(room.messages[0]?.client_id ?? '');
    await server.pass(1_000);
    expect(room.messages).toEqual([]);
    await expect(fetch(previewUrl)).rejects.toThrow('fetch failed');
  });

  test('is refused when more than 20 files or 25 MiB wait to be sent', async () => {
    const { server, system, room } = await open();
    system.client.disconnect();
    server.files.isCut = true;
    const add = (count: number, size: number): void => {
      for (let index = 0; index < count; index += 1) room.uploads.add(fileOf('x'.repeat(size)));
    };
    add(10, 1);
    await server.pass(100);
    room.send('ten', { attachments: room.uploads.getSnapshot() });
    add(10, 1);
    room.send('twenty', { attachments: room.uploads.getSnapshot() });
    add(1, 1);
    expect(() => room.send('more', { attachments: room.uploads.getSnapshot() })).toThrow('Too many files');
    expect(room.uploads.getSnapshot()).toHaveLength(1);
    for (const { client_id = '' } of room.messages) room.discard(client_id);
    room.uploads.getSnapshot()[0]?.remove();
    add(3, 9 * 1024 * 1024);
    expect(() => room.send('large', { attachments: room.uploads.getSnapshot() })).toThrow('Too many files');
  });
});

describe('after a reload', () => {
  test('a message that was written offline is shown with its files, and sent in the order of writing', async () => {
    const browser = openFakeBrowser();
    const storage = fakeStorage();
    const before = await open(new FakeServer(), onDevice(storage));
    const { server } = before;
    before.system.client.disconnect();
    server.files.isCut = true;
    before.room.uploads.add(fileOf('one', 'one.txt'));
    before.room.uploads.add(fileOf('two', 'two.txt'));
    before.room.send('look', { attachments: before.room.uploads.getSnapshot() });
    before.room.send('after it');
    await until(async () => expect(await storedFiles(browser)).toEqual(['one', 'two']));
    server.files.isCut = false;
    const after = server.client(onDevice(storage));
    await after.client.findUser();
    const room = after.client.room('general');
    await until(() => expect(room.messages[0]?.attachments?.[1]?.url).toMatch(/^blob:/));
    expect(await (await fetch(room.messages[0]?.attachments?.[1]?.url ?? '')).text()).toBe('two');
    after.client.connect();
    await until(async () => {
      await server.pass(100);
      expect(server.texts('general')).toEqual(['look', 'after it']);
    });
    expect(sentFiles(server)).toEqual([['one', 'two'], undefined]);
    await until(async () => expect(await storedFiles(browser)).toEqual([]));
    await server.pass(1_000);
    expect(await after.client.unsent()).toEqual([]);
  });

  test('a message whose file is lost fails, and says so', async () => {
    const storage = fakeStorage();
    const { cache: _, ...options } = onDevice(storage);
    const before = await open(new FakeServer(), options);
    const { server } = before;
    before.system.client.disconnect();
    server.files.isCut = true;
    before.room.uploads.add(fileOf('one'));
    before.room.send('look', { attachments: before.room.uploads.getSnapshot() });
    await server.pass(1_000);
    server.files.isCut = false;
    const after = server.client(options);
    await after.client.findUser();
    const room = after.client.room('general');
    after.client.connect();
    await server.pass(10_000);
    expect(room.messages).toMatchObject([{ state: 'failed', problem: { code: 'file_lost' } }]);
  });

  test.each([
    ['the user signs out', async ({ client }: FakeSystem) => client.signOut()],
    [
      'the message is discarded',
      async ({ client }: FakeSystem) => {
        for (const { client_id } of await client.unsent()) client.discard(client_id);
      },
    ],
  ])('nothing is left on the device when %s', async (_, end) => {
    const browser = openFakeBrowser();
    const storage = fakeStorage();
    const { server, system, room } = await open(new FakeServer(), onDevice(storage));
    system.client.disconnect();
    server.files.isCut = true;
    room.uploads.add(fileOf('one', 'one.txt'));
    room.send('look', { attachments: room.uploads.getSnapshot() });
    await until(async () => expect(await storedFiles(browser)).toEqual(['one']));
    await end(system);
    await until(async () => expect(await storedFiles(browser)).toEqual([]));
  });
});

/** Returns the texts of the files in the database of the client. */
async function storedFiles(browser: FakeBrowser): Promise<string[]> {
  // Opening it would create it.
  if (!(await browser.databases()).some(({ name }: { name?: string }) => name === filesName)) return [];
  const database = await openDB(filesName);
  try {
    if (!database.objectStoreNames.contains('files')) return [];
    const rows = (await database.getAll('files')) as { file: Blob }[];
    return (await Promise.all(rows.map(({ file }) => file.text()))).sort();
  } finally {
    database.close();
  }
}
