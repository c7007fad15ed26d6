/** Users with their accounts and logins, with the errors of their changes. */
import { ChatError } from '../domain/chat-error.ts';
import type { UserStore } from '../domain/ports/accounts.ts';
import { loginItems } from './entities/login.ts';
import { userItems, type PictureAddress } from './entities/user.ts';
import type { Table } from './table.ts';

/** @param addressOf makes the addresses of profile pictures */
export function userStore(table: Table, addressOf?: PictureAddress): UserStore {
  const { registerUser, ...logins } = loginItems(table);
  return {
    ...userItems(table, addressOf),
    ...logins,
    async register(user, account, login) {
      if (!(await registerUser({ login, user, account }))) throw new ChatError('username_taken');
    },
  };
}
