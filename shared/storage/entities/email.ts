/** E-mail addresses as earlier releases stored them, when an address was unique. */
import { foldCase } from '../../contract/names.ts';
import { defineEntity } from '../entity.ts';
import type { Key } from '../keys.ts';

export const email = defineEntity({
  name: 'e-mail address',
  description: 'an item of earlier releases, in which an address was unique',
  pk: 'EMAIL#{address}',
  sk: 'EMAIL',
  attributes: {},
});

export const emailKey = (address: string): Key => email.key({ address: foldCase(address) });
