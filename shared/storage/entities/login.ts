/** Logins: usernames with their password hashes. A name stays taken when its account is deleted. */
import { foldCase } from '../../contract/names.ts';
import type { Revocation } from '../../domain/accounts/revocation.ts';
import type { Account, Login, User } from '../../domain/model/accounts.ts';
import { accessPattern } from '../access-pattern.ts';
import { number, text, withDefault } from '../attributes.ts';
import type { Condition } from '../condition.ts';
import { defineEntity, isNew } from '../entity.ts';
import type { Key } from '../keys.ts';
import type { Step, Table } from '../table.ts';
import { account } from './account.ts';
import { emailKey } from './email.ts';
import { erasureStepItem } from './erasure-step.ts';
import { revocationItems } from './revocation.ts';
import { user, userItem } from './user.ts';

export const login = defineEntity({
  name: 'login',
  description: 'a unique username with its password hash; after its account is deleted, only `erased_at`',
  pk: 'LOGIN#{foldedName}',
  sk: 'LOGIN',
  attributes: {
    userId: text('user_id'),
    username: text('username'),
    passwordHash: text('password_hash'),
    tokenVersion: withDefault(number('token_version'), 0),
  },
});

const loginKey = (username: string): Key => login.key({ foldedName: foldCase(username) });

/** The login is the one that was read. */
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

const putRevocation = (revocation: Revocation): Step[] =>
  revocationItems(revocation).map((item) => ({ put: item }));

export const loginItems = (table: Table) => ({
  findLogin: accessPattern(
    'GetItem',
    'Reads a login; undefined for the name of a deleted account.',
    async (username: string): Promise<Login | undefined> => {
      const item = await table.get(loginKey(username));
      return item?.['user_id'] === undefined ? undefined : login.parse(item);
    },
  ),
  registerUser: accessPattern(
    'TransactWriteItems',
    'Stores a new login, user and account together.',
    async (values: { login: Login; user: User; account: Account }): Promise<boolean> => {
      const outcome = await table.transact([
        { put: { ...loginKey(values.login.username), ...login.encode(values.login) }, condition: isNew },
        { put: userItem(values.user), condition: isNew },
        { put: { ...account.key(values.account), ...account.encode(values.account) }, condition: isNew },
      ]);
      return outcome.ok;
    },
  ),
  renewHash: accessPattern(
    'UpdateItem',
    'Replaces the password hash if the login is the one that was read.',
    async (read: Login, passwordHash: string): Promise<void> => {
      const set = login.encode({ passwordHash });
      await table.update(loginKey(read.username), { set }, isUnchanged(read));
    },
  ),
  revokeTokens: accessPattern(
    'TransactWriteItems',
    'Raises the token version, with a new password if there is one, and stores the revocation, if the login is the one that was read.',
    async (read: Login, revocation: Revocation, passwordHash?: string): Promise<boolean> => {
      const set = login.encode({ passwordHash, tokenVersion: revocation.tokenVersion });
      const outcome = await table.transact([
        { update: loginKey(read.username), change: { set }, condition: isUnchanged(read) },
        ...putRevocation(revocation),
      ]);
      return outcome.ok;
    },
  ),
  erase: accessPattern(
    'TransactWriteItems',
    'Deletes user, account and e-mail address, keeps the name taken, stores the revocation and the first erasure step, if the login is the one that was read.',
    async (read: Login, { userId, email }: Account, revocation: Revocation): Promise<boolean> => {
      const outcome = await table.transact([
        {
          put: { ...loginKey(read.username), erased_at: revocation.revokedAtMs },
          condition: isUnchanged(read),
        },
        { remove: user.key({ userId }) },
        { remove: account.key({ userId }) },
        ...(email === '' ? [] : [{ remove: emailKey(email) }]),
        { put: erasureStepItem(userId, revocation.revokedAtMs) },
        ...putRevocation(revocation),
      ]);
      return outcome.ok;
    },
  ),
});
