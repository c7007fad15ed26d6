/** Users: what others may see of them. */
import { foldCase } from '../../contract/names.ts';
import type { Account, User } from '../../domain/model/accounts.ts';
import { accessPattern } from '../access-pattern.ts';
import { nullable, number, optional, text, withDefault } from '../attributes.ts';
import { defineEntity, exists } from '../entity.ts';
import { findItem, lookupIndex } from '../keys.ts';
import { lookupTemplate } from '../key-template.ts';
import type { Item } from '../item.ts';
import type { Table } from '../table.ts';
import { account } from './account.ts';

/** Users by the start of their folded names, spread over as many partitions as there are first characters. */
const usernames = lookupTemplate('USERNAMES#{initial}', '{foldedName}');

export const user = defineEntity({
  name: 'user',
  description: 'what other users may see',
  pk: 'USER#{userId}',
  sk: 'PROFILE',
  index: usernames,
  attributes: {
    userId: text('user_id'),
    username: text('username'),
    firstName: withDefault(text('first_name'), ''),
    lastName: withDefault(text('last_name'), ''),
    /** The folder of its objects. */
    profilePicture: nullable(text('profile_picture')),
    createdAtMs: number('created_at'),
    pictureChosenAtMs: optional(number('picture_chosen_at')),
  },
});

const usernameKey = (name: string) => {
  const foldedName = foldCase(name);
  return usernames.key({ initial: foldedName.slice(0, 1), foldedName });
};

/** Returns the address of a user's picture, which stays. */
export type PictureAddress = (picture: { userId: string; folder: string }) => string;

/** For stores whose users are not shown. */
const withoutHost: PictureAddress = ({ userId, folder }) => `/files/pictures/${userId}/${folder}/320`;

export const userItem = (value: User): Item => ({
  ...user.key(value),
  ...usernameKey(value.username),
  ...user.encode(value),
});

export const userItems = (table: Table, addressOf: PictureAddress = withoutHost) => {
  const parseUser = (item: Item): User => {
    const { pictureChosenAtMs: _, profilePicture: folder, ...found } = user.parse(item);
    const { userId } = found;
    return { ...found, profilePicture: folder === null ? null : addressOf({ userId, folder }) };
  };
  return {
    get: accessPattern('GetItem', 'Reads a user.', async (userId: string): Promise<User | undefined> => {
      const item = await table.get(user.key({ userId }));
      return item && parseUser(item);
    }),
    getMany: accessPattern(
      'BatchGetItem',
      'Reads several users, from one replica.',
      async (userIds: string[]): Promise<User[]> => {
        const keys = userIds.map((userId) => user.key({ userId }));
        return (await table.getMany(keys, { consistent: false })).map(parseUser);
      },
    ),
    getWithAccount: accessPattern(
      'BatchGetItem',
      'Reads a user with the account, in one request.',
      async (userId: string): Promise<(User & Account) | undefined> => {
        const keys = { user: user.key({ userId }), account: account.key({ userId }) };
        const items = await table.getMany(Object.values(keys));
        const [userFound, accountFound] = [findItem(items, keys.user), findItem(items, keys.account)];
        return userFound && accountFound && { ...parseUser(userFound), ...account.parse(accountFound) };
      },
    ),
    findByPrefix: accessPattern(
      'Query',
      'Reads the users whose names start with a prefix, from the index.',
      async (prefix: string, limit: number): Promise<User[]> => {
        const { lookup_pk, lookup_sk } = usernameKey(prefix);
        const items = await table.all({ partition: lookup_pk, prefix: lookup_sk, index: lookupIndex, limit });
        return items.map(parseUser);
      },
    ),
    update: accessPattern(
      'UpdateItem',
      'Changes a user who exists.',
      async (
        userId: string,
        { firstName, lastName }: Partial<Pick<User, 'firstName' | 'lastName'>>,
      ): Promise<User | undefined> => {
        const set = user.encode({ firstName, lastName });
        const outcome = await table.update(user.key({ userId }), { set }, exists);
        return outcome.ok ? parseUser(outcome.item) : undefined;
      },
    ),
  };
};
