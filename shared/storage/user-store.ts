/** Users with their accounts and logins, with the errors of their changes. */
import { ChatError } from '../domain/chat-error.ts';
import type { UserStore } from '../domain/ports/accounts.ts';
import { loginItems } from './entities/login.ts';
import { userItems } from './entities/user.ts';
import type { Table } from './table.ts';

export function userStore(table: Table): UserStore {
  const { registerUser, ...logins } = loginItems(table);
  return {
    ...userItems(table),
    ...logins,
    async register(user, account, login) {
      if (!(await registerUser({ login, user, account }))) throw new ChatError('username_taken');
    },
  };
}
