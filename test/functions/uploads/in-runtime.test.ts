/** The function in a running runtime: by the event of the bucket, by the request of a send, and where there is no edge. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { incomingKey } from '../../../shared/domain/files/object-keys.ts';
import type { Upload } from '../../../shared/domain/model/uploads.ts';
import { picturePath, signFileAddress } from '../../../shared/lambda/file-addresses.ts';
import { eventually } from '../../kit/eventually.ts';
import { filesOf, postForm } from '../../kit/files.ts';
import { request } from '../../kit/request.ts';
import { startTestRuntime, type TestRuntime } from '../../kit/runtime.ts';
import { picture } from './images/pictures.ts';
import { sizeOf } from './use-images.ts';

let started: TestRuntime;
let files: ReturnType<typeof filesOf>;
let jpeg: Buffer;

beforeAll(async () => {
  started = await startTestRuntime({ settings: { EDGE_DISTRIBUTION: 'false' } });
  files = filesOf(started.runtime);
  jpeg = await picture(400, 300).jpeg().toBuffer();
});
afterAll(async () => {
  files?.close();
  await started?.stop();
});

const image = (): Promise<Upload> =>
  files.declare({ name: 'ä map.jpg', declaredType: 'image/jpeg', declaredSize: jpeg.length });

/** Invokes the function as another function does. */
async function invoke(payload: object): Promise<unknown> {
  const { stack, host } = started.runtime;
  const { logicalId } = stack.functions.find((one) => one.logicalId.startsWith('uploads'))!;
  const result = await host.invoke(logicalId, payload);
  if (!result.ok) throw new Error(result.errorMessage);
  return JSON.parse(result.payload);
}

const checked = (upload: Upload): Promise<Upload> =>
  eventually(async () => {
    const found = await files.uploads.get(upload);
    expect(found?.state).not.toBe('awaited');
    return found!;
  });

describe('a file that was posted', () => {
  it('is checked by the event of the bucket, and stored with the tag of unsent files', async () => {
    const upload = await image();
    expect(await postForm(files.formOf(upload), jpeg)).toBe(204);
    const { state, file } = await checked(upload);
    expect({ state, file }).toMatchObject({
      state: 'ready',
      file: { type: 'image/jpeg', width: 400, height: 300 },
    });
    await eventually(() => expect(files.stored(incomingKey(upload))).toEqual([]));
    expect(files.stored(`files/${upload.roomId}/`)).toEqual(
      ['1280', '320', '96', 'original'].map((name) => ({
        key: `files/${upload.roomId}/${file!.folder}/${name}`,
        tags: { unsent: '1' },
      })),
    );
  });

  it('is refused with the reason when its bytes are not what was declared, and nothing of it stays', async () => {
    const html = '<!doctype html><script>alert(1)</script>';
    const upload = await files.declare({ declaredType: 'image/png', declaredSize: html.length });
    expect(await postForm(files.formOf(upload), html)).toBe(204);
    expect(await checked(upload)).toMatchObject({ state: 'refused', problem: 'type_mismatch' });
    await eventually(() => expect(files.stored(incomingKey(upload))).toEqual([]));
    expect(files.stored(`files/${upload.roomId}/`)).toEqual([]);
  });

  it('is not accepted with another size', async () => {
    expect(await postForm(files.formOf(await image()), Buffer.concat([jpeg, jpeg]))).toBe(400);
  });
});

describe('a check that is asked for', () => {
  const ask = (upload: Upload) => invoke({ check: { roomId: upload.roomId, uploadKey: upload.uploadKey } });

  it('answers with the state, also when the event runs at the same time and again afterwards', async () => {
    const upload = await image();
    await postForm(files.formOf(upload), jpeg);
    expect(await ask(upload)).toEqual({ state: 'ready' });
    const { file } = await checked(upload);
    expect(await ask(upload)).toEqual({ state: 'ready' });
    expect((await files.uploads.get(upload))?.file).toEqual(file);
    await eventually(() => expect(files.stored(`files/${upload.roomId}/`)).toHaveLength(4));
  });

  it('answers that nothing was posted yet, and that an upload is gone', async () => {
    const upload = await image();
    expect(await ask(upload)).toEqual({ state: 'awaited' });
    expect(await ask({ ...upload, uploadKey: 'AAECAwQFBgcICQoLDA0ODw' })).toEqual({ state: 'gone' });
  });
});

it('ignores an object in the folder of uploads that no form names', async () => {
  expect(await invoke({ detail: { object: { key: 'incoming/strange' } } })).toBeNull();
});

describe('the address of a file without an edge', () => {
  it('leads to the bytes with their type and name', async () => {
    const upload = await image();
    await postForm(files.formOf(upload), jpeg);
    const { roomId } = upload;
    const { folder } = (await checked(upload)).file!;
    const path = signFileAddress(await files.key(), { roomId, folder, name: 'original' }, Date.now());
    const { url } = started.runtime;
    const redirect = await request(url + path, 'GET');
    expect(redirect.status).toBe(302);
    expect(redirect.headers.get('cache-control')).toBe('private, max-age=30');
    const response = await fetch(redirect.headers.get('location')!);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('content-disposition')).toBe(
      `inline; filename="_map.jpg"; filename*=UTF-8''%C3%A4%20map.jpg`,
    );
    expect(await sizeOf(new Uint8Array(await response.arrayBuffer()))).toBe('jpeg 400×300');
    const thumbnail = await fetch(url + path.replace('/original', '/96'));
    expect(await sizeOf(new Uint8Array(await thumbnail.arrayBuffer()))).toBe('webp 96×72');
    expect((await request(`${url}${path.slice(0, -2)}xx`, 'GET')).status).toBe(403);
    expect((await request(url + path.replace(roomId, crypto.randomUUID()), 'GET')).status).toBe(403);
    expect((await request(`${url}/files/incoming/x`, 'GET')).status).toBe(403);
  });

  it('leads to a profile picture without a signature', async () => {
    const { runtime } = started;
    const [userId, folder] = [crypto.randomUUID(), 'AAECAwQFBgcICQoLDA0ODw'];
    runtime.buckets.put(files.bucket, `pictures/${userId}/${folder}/320`, 'picture', {});
    const response = await fetch(runtime.url + picturePath({ userId, folder, name: '320' }));
    expect(await response.text()).toBe('picture');
    expect((await request(`${runtime.url}/files/pictures/${userId}/${folder}/original`, 'GET')).status).toBe(
      403,
    );
  });
});
