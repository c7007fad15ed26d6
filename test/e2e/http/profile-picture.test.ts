/** Profile pictures from their declaration until others see them, over the public addresses. */
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../kit/deployment.ts';
import { eventually } from '../../kit/eventually.ts';
import { postForm } from '../../kit/files.ts';
import { bodyOf } from '../../kit/request.ts';
import { get, newUsers, type TestUser } from '../../kit/users.ts';
import { picture } from '../../functions/uploads/images/pictures.ts';

let ann: TestUser;
let bob: TestUser;
let jpeg: Buffer;

beforeAll(async () => {
  [ann, bob] = (await newUsers(2)) as [TestUser, TestUser];
  jpeg = await picture(400, 300)
    .withExif({ IFD0: { Copyright: 'the owner' } })
    .jpeg()
    .toBuffer();
});

const path = '/users/auth/profile/picture/';
const declare = (user: TestUser, body: object) => call('POST', path, { token: user.access, body });

/** Posts a picture for a user, and returns the status of the bucket. */
async function post(user: TestUser, bytes: Uint8Array, type = 'image/jpeg'): Promise<number> {
  const form = await bodyOf(201, declare(user, { type, size: bytes.length }));
  return postForm(form, bytes, 'portrait.jpg');
}

const profileOf = async (user: TestUser) => (await get(user, '/users/auth/profile/')).body;

/** Waits until the user's picture is another than that. */
const changedFrom = (user: TestUser, before: string | null): Promise<string> =>
  eventually(async () => {
    const { profile_picture: address } = await profileOf(user);
    expect(address).not.toBe(before);
    return address;
  });

describe('a profile picture', () => {
  it('is shown to its user and to others soon after it was posted, written anew as a square', async () => {
    expect((await profileOf(ann)).profile_picture).toBeNull();
    expect(await post(ann, jpeg)).toBe(204);
    const address = await changedFrom(ann, null);
    expect(new URL(address).pathname).toMatch(new RegExp(`^/files/pictures/${ann.id}/[\\w-]{22}/320$`));
    const response = await fetch(address);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/webp');
    const { width, height, exif } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
    expect([width, height, exif]).toEqual([300, 300, undefined]);
    const small = await fetch(address.replace(/320$/, '96'));
    expect(await sharp(Buffer.from(await small.arrayBuffer())).metadata()).toMatchObject({ width: 96 });

    const found = await get(bob, `/users/?username=${ann.username}`);
    expect(found.body).toEqual([{ id: ann.id, username: ann.username, profile_picture: address }]);
    const direct = await call('POST', `/chat/dm/${ann.id}/`, { token: bob.access });
    expect(direct.body.peer).toMatchObject({ profile_picture: address });
    const { body: rooms } = await get(bob, '/chat/rooms/mine/');
    expect(rooms).toEqual([
      expect.objectContaining({ peer: expect.objectContaining({ profile_picture: address }) }),
    ]);
  });

  it('stays the same when the profile is sent back as it was read, or with another address', async () => {
    const profile = await profileOf(ann);
    for (const sent of [profile, { ...profile, profile_picture: 'https://evil.example/x.png' }]) {
      const answer = await call('PUT', '/users/auth/profile/', { token: ann.access, body: sent });
      expect([answer.status, answer.body]).toEqual([200, profile]);
    }
  });

  it('is replaced by the next one, and the address before leads to nothing', async () => {
    const { profile_picture: before } = await profileOf(ann);
    await post(ann, await picture(50, 80).png().toBuffer(), 'image/png');
    const address = await changedFrom(ann, before);
    expect((await fetch(address)).status).toBe(200);
    await eventually(async () => expect((await fetch(before)).status).toBe(403));
  });

  it('does not change when the bytes are not those of a picture of that type', async () => {
    const { profile_picture: before } = await profileOf(ann);
    const html = Buffer.from('<!doctype html><script>alert(1)</script>');
    expect(await post(ann, html, 'image/png')).toBe(204);
    // A picture that is posted later is shown, so the first one has been checked.
    await post(ann, jpeg);
    const address = await changedFrom(ann, before);
    const response = await fetch(address);
    expect(response.headers.get('content-type')).toBe('image/webp');
  });

  it('is gone for everyone once it is removed, and removing it again is no error', async () => {
    const { profile_picture: before } = await profileOf(ann);
    for (let time = 0; time < 2; time += 1)
      expect((await call('DELETE', path, { token: ann.access })).status).toBe(204);
    expect((await profileOf(ann)).profile_picture).toBeNull();
    expect((await get(bob, `/users/?username=${ann.username}`)).body[0].profile_picture).toBeNull();
    await eventually(async () => expect((await fetch(before)).status).toBe(403));
  });
});

describe('the declaration of a profile picture', () => {
  it.each([
    ['of a type that is not shown', { type: 'image/gif', size: 9 }, 400],
    ['of a page', { type: 'text/html', size: 9 }, 400],
    ['of nothing', { type: 'image/png', size: 0 }, 400],
    ['without a size', { type: 'image/png' }, 400],
    ['of more than 1 MiB', { type: 'image/png', size: 1_048_577 }, 413],
  ])('%s is refused', async (_, body, status) => {
    const answer = await declare(bob, body);
    expect([answer.status, answer.body.status]).toEqual([status, status]);
  });

  it('needs a signed-in user', async () => {
    expect((await call('POST', path, { body: { type: 'image/png', size: 9 } })).status).toBe(401);
    expect((await call('DELETE', path)).status).toBe(401);
  });

  it('makes a form that accepts the declared size alone', async () => {
    const form = await bodyOf(201, declare(bob, { type: 'image/jpeg', size: jpeg.length - 1 }));
    expect(form).toMatchObject({ upload_id: expect.stringMatching(/^[\w-]{43}$/), expires_in: 300 });
    expect(await postForm(form, jpeg)).toBe(400);
  });
});
