/** The two users of the canary. They are registered once; their names and passwords follow from its key. */
import { createHmac } from 'node:crypto';
import { callApi, UnexpectedAnswer, type ChatAddresses } from './chat-api.ts';

export interface CanaryUser {
  id: string;
  access: string;
}

/** A text that cannot be guessed without the key. */
const derived = (key: string, text: string): string =>
  createHmac('sha256', key).update(text).digest('base64url');

/** Signs both users in, and registers them before that on the first run. */
export async function canaryUsers(addresses: ChatAddresses, key: string): Promise<[CanaryUser, CanaryUser]> {
  return [await signInOrRegister(addresses, key, 'a'), await signInOrRegister(addresses, key, 'b')];
}

async function signInOrRegister(
  addresses: ChatAddresses,
  key: string,
  which: 'a' | 'b',
): Promise<CanaryUser> {
  // With the name of the key in it, a new key gets new users instead of being refused.
  const username = `canary-${derived(key, 'name').slice(0, 8)}-${which}`;
  const credentials = { username, password: derived(key, `password of ${which}`) };
  const access = await signIn(addresses, credentials).catch(async (error: unknown) => {
    if (!(error instanceof UnexpectedAnswer) || error.status !== 401) throw error;
    await callApi(addresses, {
      method: 'POST',
      path: '/users/auth/register/',
      // 409 when another run has just registered the user.
      expected: [201, 409],
      body: credentials,
    });
    return signIn(addresses, credentials);
  });
  const profile = { method: 'GET', path: '/users/auth/profile/', expected: [200], token: access } as const;
  return { id: (await callApi<{ id: string }>(addresses, profile)).id, access };
}

async function signIn(
  addresses: ChatAddresses,
  credentials: { username: string; password: string },
): Promise<string> {
  const request = { method: 'POST', path: '/users/auth/login/', expected: [200], body: credentials } as const;
  return (await callApi<{ access: string }>(addresses, request)).access;
}
