/** Every kind of item in the table, for the documentation and for tests. Functions import only those that they need. */
import type { Attributes } from '../attributes.ts';
import type { Entity } from '../entity.ts';
import { account } from './account.ts';
import { budget } from './budget.ts';
import { connection } from './connection.ts';
import { archivedDeadSeqs } from './dead-seqs.ts';
import { email } from './email.ts';
import { erasureStep } from './erasure-step.ts';
import { formerMember } from './former-member.ts';
import { head } from './head.ts';
import { limit } from './limit.ts';
import { logEntry } from './log-entry.ts';
import { loginPause } from './login-pause.ts';
import { login } from './login.ts';
import { member } from './member.ts';
import { archivedOwnSeqs, ownSeqs } from './own-seqs.ts';
import { purgeStep } from './purge-step.ts';
import { revocationNotice, sessionRevocation, userRevocation } from './revocation.ts';
import { roomName } from './room-name.ts';
import { room } from './room.ts';
import { sendKey } from './send-key.ts';
import { session } from './session.ts';
import { subscription } from './subscription.ts';
import { ticket } from './ticket.ts';
import { user } from './user.ts';

/** In the order in which the documentation lists them. */
export const entities: Pick<
  Entity<string, string, Attributes>,
  'name' | 'description' | 'pk' | 'sk' | 'index' | 'attributes' | 'endsBy' | 'key'
>[] = [
  user,
  account,
  login,
  email,
  session,
  sessionRevocation,
  userRevocation,
  revocationNotice,
  erasureStep,
  room,
  head,
  roomName,
  member,
  formerMember,
  logEntry,
  sendKey,
  purgeStep,
  ownSeqs,
  archivedOwnSeqs,
  archivedDeadSeqs,
  connection,
  subscription,
  ticket,
  limit,
  loginPause,
  budget,
];
