import { expect, test } from 'vitest';
import { ChatSocket } from '../kit/chat-socket.ts';
import { call } from '../kit/deployment.ts';
import { newUser } from '../kit/users.ts';
import { useProductionRuntime } from './production-runtime.ts';

const { runtime } = useProductionRuntime();

test('the functions run with the limits of the production stage', async () => {
  const environments = runtime().stack.functions.map(({ environment }) => environment);
  expect(environments).toContainEqual(expect.objectContaining({ CONNECTIONS_PER_USER: '20' }));
  const user = await newUser();
  expect((await call('GET', '/users/auth/profile/', { token: user.access })).status).toBe(200);
  expect(await ChatSocket.refusal(`/ws/?token=${user.access}`)).toBe(401);
});
