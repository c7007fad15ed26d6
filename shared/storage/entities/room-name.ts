/** Room names: each leads to one room, is reserved after a private room gave it up, or blocks lookalikes of a name. */
import { foldRoomName } from '../../contract/names.ts';
import { accessPattern } from '../access-pattern.ts';
import { flag, number, optional, text } from '../attributes.ts';
import { defineEntity } from '../entity.ts';
import { expiry, type Item } from '../item.ts';
import type { Key } from '../keys.ts';
import type { Step, Table } from '../table.ts';

export const roomName = defineEntity({
  name: 'room name',
  description: 'the room that a name leads to, or whose name looks like it',
  pk: 'ROOMNAME#{foldedName}',
  sk: 'ROOMNAME',
  attributes: {
    roomId: text('room_id'),
    isLookalike: flag('is_lookalike'),
    freedAtMs: optional(number('freed_at')),
    reservedUntilMs: optional(number('rests_until')),
  },
  endsBy: 'when its reservation ends',
});

/** What a room holds of its name: the name itself, or what the name looks like. */
export interface NameClaim {
  key: Key;
  roomId: string;
  isLookalike: boolean;
}

export const roomNameKey = (name: string): Key => roomName.key({ foldedName: foldRoomName(name) });

const claimItem = ({ key, roomId, isLookalike }: NameClaim): Item => ({
  ...key,
  ...roomName.encode({ roomId, isLookalike }),
});

/** No other room holds the name, or its reservation is over. */
const isFree = 'attribute_not_exists(pk) OR room_id = :room OR rests_until < :at';
/** The old name of a public room leads to the room until another one chooses it. */
const isForward = '(attribute_exists(freed_at) AND attribute_not_exists(rests_until))';

const isOwn = (roomId: string) => ({
  if: 'attribute_not_exists(pk) OR room_id = :room',
  values: { ':room': roomId },
});

/** Steps of a transaction that changes a room's name. */
export const roomNameSteps = {
  takeName: accessPattern(
    'part of a transaction',
    'Takes a name that is free, or that only leads to a room that was renamed.',
    (claim: NameClaim, at: number): Step => ({
      put: claimItem(claim),
      condition: { if: `${isFree} OR ${isForward}`, values: { ':room': claim.roomId, ':at': at } },
    }),
  ),
  takeLook: accessPattern(
    'part of a transaction',
    'Reserves what a name looks like, if it is free.',
    (claim: NameClaim, at: number): Step => ({
      put: claimItem(claim),
      condition: { if: isFree, values: { ':room': claim.roomId, ':at': at } },
    }),
  ),
  reserve: accessPattern(
    'part of a transaction',
    'Reserves the name that a private room gave up.',
    (claim: NameClaim, at: number, reservedUntilMs: number): Step => ({
      put: {
        ...claimItem(claim),
        ...roomName.encode({ freedAtMs: at, reservedUntilMs }),
        ttl: expiry(reservedUntilMs),
      },
      condition: isOwn(claim.roomId),
    }),
  ),
  forward: accessPattern(
    'part of a transaction',
    'Leaves the old name of a public room leading to it.',
    (claim: NameClaim, at: number): Step => ({
      put: { ...claimItem(claim), ...roomName.encode({ freedAtMs: at }) },
      condition: isOwn(claim.roomId),
    }),
  ),
  free: accessPattern('part of a transaction', 'Gives a name up.', (claim: NameClaim): Step => ({
    remove: claim.key,
    condition: isOwn(claim.roomId),
  })),
};

/** Where a name leads. */
export type NameMeaning =
  | { kind: 'room'; roomId: string; isCurrent: boolean; isReserved: boolean }
  /** No room has the name, and none may get it, because it looks like another room's. */
  | { kind: 'lookalike' };

export const roomNameItems = (table: Table) => ({
  find: accessPattern(
    'GetItem',
    'Reads where a name leads.',
    async (name: string): Promise<NameMeaning | undefined> => {
      const item = await table.get(roomNameKey(name));
      if (item === undefined) return undefined;
      const { roomId, isLookalike, freedAtMs, reservedUntilMs } = roomName.parse(item);
      if (isLookalike) return { kind: 'lookalike' };
      return {
        kind: 'room',
        roomId,
        isCurrent: freedAtMs === undefined,
        isReserved: reservedUntilMs !== undefined,
      };
    },
  ),
});
