/** One handler for each operation of the accounts function: from the request to the domain's verb, and back. */
import { loginUser } from '../../shared/domain/accounts/login-user.ts';
import { findUsers, getProfile, updateProfile } from '../../shared/domain/accounts/profiles.ts';
import { registerUser } from '../../shared/domain/accounts/register-user.ts';
import { logoutUser } from '../../shared/domain/accounts/logout-user.ts';
import { refreshTokens } from '../../shared/domain/accounts/sessions.ts';
import type { HttpHandlers } from '../../shared/lambda/http-function.ts';
import type { Dependencies } from './dependencies.ts';

export function handlers(ports: Dependencies): HttpHandlers<'accounts'> {
  const { settings } = ports;
  return {
    registerUser: async ({ body: { username, email, password }, address }) => ({
      status: 201,
      body: await registerUser(ports, { username, email: email ?? '', password, address }, settings),
    }),
    loginUser: async ({ body, address }) => ({
      status: 200,
      body: await loginUser(ports, { ...body, address }, settings),
    }),
    refreshTokens: async ({ body }) => ({
      status: 200,
      body: await refreshTokens(ports, body.refresh, settings),
    }),
    logoutUser: async ({ body }) => {
      await logoutUser(ports, body.refresh, settings);
      return { status: 204 };
    },
    getProfile: async ({ caller }) => ({ status: 200, body: await getProfile(ports, caller) }),
    updateProfile: async ({ caller, body }) => ({
      status: 200,
      body: await updateProfile(ports, caller, { firstName: body.first_name, lastName: body.last_name }),
    }),
    findUsers: async ({ query }) => ({ status: 200, body: await findUsers(ports, query.username) }),
  };
}
