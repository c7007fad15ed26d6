/** How the table holds the role of a member. Items that were written before the role was renamed say `creator`. */
import type { MemberRole } from '../contract/entities.ts';
import type { Condition } from './condition.ts';

const formerOwner = 'creator';

export function toRole(stored: unknown): MemberRole {
  return stored === formerOwner ? 'owner' : (stored as MemberRole);
}

const ownerRole = {
  names: { '#role': 'role' },
  values: { ':owner': 'owner', ':formerOwner': formerOwner },
};

export const isOwner: Condition = {
  if: 'attribute_exists(pk) AND #role IN (:owner, :formerOwner)',
  ...ownerRole,
};

/** Also holds for an owner whose removal has begun: it must go on, since the role had no successor to pass to. */
export const isNotOwner: Condition = {
  if: 'attribute_exists(pk) AND (NOT #role IN (:owner, :formerOwner) OR attribute_exists(removing_at))',
  ...ownerRole,
};
