/** The examples of the documents on a runtime with sample data: they are tried as they are, in their order. */
import { describe, expect, it } from 'vitest';
import { addSampleData, samplePassword, sampleRoom, sampleUsers } from '../../local/sample-data.ts';
import type * as z from 'zod';
import type { Operation } from '../../shared/contract/http/operation.ts';
import { operations } from '../../shared/contract/http/operations.ts';
import { bodyExamples, commandExamples } from '../../tools/documents/examples.ts';
import { call } from '../kit/deployment.ts';
import { useRuntime } from '../kit/use-runtime.ts';

const exampleOf = (name: 'registerUser' | 'loginUser' | 'createRoom' | 'sendMessage'): unknown =>
  operations[name].body.meta()?.['example'];

it('the example of a registration names a user who does not exist yet', () => {
  const { username } = exampleOf('registerUser') as { username: string };
  expect(sampleUsers).not.toContain(username);
});

it('the example of a login is the first user of the sample data', () => {
  expect(exampleOf('loginUser')).toEqual({ username: sampleUsers[0], password: samplePassword });
});

it('the example of a new room names one that does not exist yet', () => {
  const { room_name: name } = exampleOf('createRoom') as { room_name: string };
  expect(name).not.toBe(sampleRoom);
});

it('the examples of a message can be sent twice, and store two messages', () => {
  expect(exampleOf('sendMessage')).not.toHaveProperty('client_id');
  expect(commandExamples.message).not.toHaveProperty('client_id');
});

describe('on a new runtime with sample data', () => {
  const { runtime } = useRuntime();

  it('the example of every request body is accepted, with the ids that earlier answers gave', async () => {
    await addSampleData(runtime().url);
    /** What replaces a placeholder of a path, or an id or token of an example. */
    const known: Record<string, string> = {};
    const tried = new Set<string>();

    async function send(name: keyof typeof operations): Promise<Record<string, any>> {
      const { methods, path, body, auth } = operations[name] as Operation & { body: z.ZodType };
      const { example, id = '' } = body.meta() ?? {};
      const fields: object = example ?? bodyExamples[id] ?? {};
      const ids = Object.entries(fields).map(([field, value]) => [field, known[field] ?? value]);
      const address = path.replace(/\{(\w+)\}/g, (_, parameter) => known[parameter] ?? '');
      const answer = await call(methods.at(-1)!, address, {
        token: auth === 'none' ? undefined : known['access'],
        body: Object.fromEntries(ids),
      });
      expect({ name, ...answer }).toMatchObject({ name, status: expect.toSatisfy((status) => status < 300) });
      tried.add(name);
      return (answer.body ?? {}) as Record<string, any>;
    }

    const signIn = async (body: object): Promise<object> =>
      (await call('POST', operations.loginUser.path, { body })).body as object;

    const cara = await send('registerUser');
    known['user_id'] = known['target_user_id'] = cara['id'];
    Object.assign(known, await send('loginUser'));
    Object.assign(known, await send('refreshTokens'));
    await send('updateProfile');
    await send('createProfilePicture');
    known['room_id'] = (await send('createRoom'))['room_id'];
    const first = await send('sendMessage');
    const second = await send('sendMessage');
    expect(second['message_id']).not.toBe(first['message_id']);
    known['message_id'] = first['message_id'];
    await send('editMessage');
    await send('markRead');
    await send('markUnread');
    await send('createUpload');
    await send('createTicket');
    await send('updateRoom');
    known['room_id'] = (await call('POST', '/chat/rooms/create/', {
      token: known['access'],
      body: { room_name: 'only-for-two', is_private: true },
    }).then(({ body }) => (body as { room_id: string }).room_id))!;
    await send('addMember');
    await send('openDirectRoom');
    await send('logoutUser');
    Object.assign(known, await send('loginUser'));
    await send('changePassword');
    // The owner of a room cannot leave it, and the password of the example is still that of the other user.
    const { username, password } = exampleOf('registerUser') as Record<string, string>;
    Object.assign(known, await signIn({ username, password }));
    await send('leaveRoom');
    Object.assign(known, await signIn({ username: sampleUsers[1], password: samplePassword }));
    await send('deleteAccount');
    const withBody = Object.entries(operations).flatMap(([name, row]) => ('body' in row ? [name] : []));
    expect(withBody.filter((name) => !tried.has(name))).toEqual([]);
  });
});
