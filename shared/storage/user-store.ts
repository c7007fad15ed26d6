/** Users, their accounts and logins, as items. */
import { ChatError } from '../domain/chat-error.ts';
import type { Account, Login, User } from '../domain/model.ts';
import type { UserStore } from '../domain/ports/accounts.ts';
import { accessPatterns } from './access-patterns.ts';
import type { Condition } from './condition.ts';
import { erasureStep } from './erasure-store.ts';
import { keys, lookups } from './keys.ts';
import type { Item } from './item.ts';
import { revocationItems, toTokenVersion } from './revocation-store.ts';
import type { Table } from './table.ts';

export function userStore(table: Table): UserStore {
  const db = accessPatterns(table);
  return {
    async register(user, account, login) {
      const outcome = await db.registerUser({
        login: loginItem(login),
        user: userItem(user),
        account: { ...keys.account(account.userId), user_id: account.userId, email: account.email },
      });
      if (!outcome.ok) throw new ChatError('username_taken');
    },
    async findLogin(username) {
      const item = await db.login(username);
      // Of a deleted account only the name is left, so that nobody takes it.
      return item?.['user_id'] === undefined ? undefined : toLogin(item);
    },
    async get(userId) {
      const item = await db.user(userId);
      return item && toUser(item);
    },
    async getWithAccount(userId) {
      const items = await db.userWithAccount(userId);
      const user = items.find((item) => item['sk'] === keys.user(userId).sk);
      const account = items.find((item) => item['sk'] === keys.account(userId).sk);
      return user && account && { ...toUser(user), ...toAccount(account) };
    },
    async update(userId, { firstName, lastName }) {
      const outcome = await db.updateUser(userId, { first_name: firstName, last_name: lastName });
      return outcome.ok ? toUser(outcome.item) : undefined;
    },
    async findByPrefix(prefix, limit) {
      return (await db.usersByPrefix(prefix, limit)).map(toUser);
    },
    async renewHash(login, passwordHash) {
      await db.renewHash(login.username, isUnchanged(login), passwordHash);
    },
    async revokeTokens(login, revocation, passwordHash) {
      const set = { password_hash: passwordHash, token_version: revocation.tokenVersion };
      const items = revocationItems(revocation);
      return (await db.revokeTokens(login.username, isUnchanged(login), set, items)).ok;
    },
    async erase(login, { userId, email }, revocation) {
      const { revokedAt: at } = revocation;
      const outcome = await db.eraseUser({
        userId,
        email,
        login: { ...keys.login(login.username), erased_at: at },
        isUnchanged: isUnchanged(login),
        step: erasureStep(userId, 0, at),
        revocation: revocationItems(revocation),
      });
      return outcome.ok;
    },
  };
}

/** The login is as it was read. */
function isUnchanged({ userId, passwordHash, tokenVersion }: Login): Condition {
  const isSameVersion =
    tokenVersion === 0
      ? '(attribute_not_exists(token_version) OR token_version = :version)'
      : 'token_version = :version';
  return {
    if: `user_id = :u AND password_hash = :from AND ${isSameVersion}`,
    values: { ':u': userId, ':from': passwordHash, ':version': tokenVersion },
  };
}

function userItem(user: User): Item {
  return {
    ...keys.user(user.userId),
    ...lookups.username(user.username),
    user_id: user.userId,
    username: user.username,
    first_name: user.firstName,
    last_name: user.lastName,
    profile_picture: user.profilePicture,
    created_at: user.createdAt,
  };
}

function toUser(item: Item): User {
  return {
    userId: item['user_id'] as string,
    username: item['username'] as string,
    firstName: (item['first_name'] as string | undefined) ?? '',
    lastName: (item['last_name'] as string | undefined) ?? '',
    profilePicture: (item['profile_picture'] as string | null | undefined) ?? null,
    createdAt: item['created_at'] as number,
  };
}

function toAccount(item: Item): Account {
  return { userId: item['user_id'] as string, email: item['email'] as string };
}

function loginItem(login: Login): Item {
  return {
    ...keys.login(login.username),
    user_id: login.userId,
    username: login.username,
    password_hash: login.passwordHash,
    token_version: login.tokenVersion,
  };
}

function toLogin(item: Item): Login {
  return {
    userId: item['user_id'] as string,
    username: item['username'] as string,
    passwordHash: item['password_hash'] as string,
    tokenVersion: toTokenVersion(item),
  };
}
