/** Accounts: what only a user may see of themselves. */
import { text } from '../attributes.ts';
import { defineEntity } from '../entity.ts';

export const account = defineEntity({
  name: 'account',
  description: 'what only its owner may see',
  pk: 'ACCOUNT#{userId}',
  sk: 'ACCOUNT',
  attributes: { userId: text('user_id'), email: text('email') },
});
