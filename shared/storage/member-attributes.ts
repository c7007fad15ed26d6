/**
 * The attributes of a member that the member's item and log entries hold, and the conditions on the role: items of earlier
 * releases name the owner otherwise.
 */
import { number, oneOf, text } from './attributes.ts';
import type { Condition } from './condition.ts';

const roleOf = oneOf('role', ['owner', 'member']);
/** The name of the owner's role in items that were written before it was renamed. */
const formerOwner = 'creator';

const memberRole: typeof roleOf = {
  ...roleOf,
  parse: (stored, name) => (stored === formerOwner ? 'owner' : roleOf.parse(stored, name)),
};

/** The attributes of the domain's `Member`, but for the read marker. */
export const memberFacts = {
  roomId: text('room_id'),
  userId: text('user_id'),
  username: text('username'),
  role: memberRole,
  joinedAtMs: number('joined_at'),
};

const ownerRole = {
  names: { '#role': 'role' },
  values: { ':owner': 'owner', ':formerOwner': formerOwner },
};

export const isOwner: Condition = {
  if: 'attribute_exists(pk) AND #role IN (:owner, :formerOwner)',
  ...ownerRole,
};

/** Also holds for an owner whose removal has begun: it must go on, since the role had no successor to pass to. */
export const isRemovable: Condition = {
  if: 'attribute_exists(pk) AND (NOT #role IN (:owner, :formerOwner) OR attribute_exists(removing_at))',
  ...ownerRole,
};
