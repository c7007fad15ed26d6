/**
 * Every kind of item in the table with its access patterns, for the documentation and for tests. Functions import only
 * those that they need.
 */
import type { Attributes } from '../attributes.ts';
import type { Entity } from '../entity.ts';
import { roomWithMemberItems } from './room-with-member.ts';
import type { Table } from '../table.ts';
import { account } from './account.ts';
import { activityPace, activityPaceItems } from './activity-pace.ts';
import { budget, budgetStore } from './budget.ts';
import { admissionStore, connection, connectionItems } from './connection.ts';
import { canaryResult, canaryResultStore } from './canary-result.ts';
import { archivedDeadSeqs, deadSeqsItems } from './dead-seqs.ts';
import { email } from './email.ts';
import { erasureStep } from './erasure-step.ts';
import { fileStep, fileSteps } from './file-step.ts';
import { formerMember, formerMemberItems } from './former-member.ts';
import { head, headItems, headSteps } from './head.ts';
import { inboxWatch, inboxWatchItems } from './inbox-watch.ts';
import { limit, limitStore } from './limit.ts';
import { logEntry, logEntryItems } from './log-entry.ts';
import { loginPause, loginPauseStore } from './login-pause.ts';
import { login, loginItems } from './login.ts';
import { member, memberItems } from './member.ts';
import { archivedOwnSeqs, ownSeqs, ownSeqsItems, unreadItems } from './own-seqs.ts';
import { migrationCheckpoint, migrationCheckpoints } from './migration-checkpoint.ts';
import { revocationNotice, revocationStore, sessionRevocation, userRevocation } from './revocation.ts';
import { pictureStore } from './picture.ts';
import { roomName, roomNameItems, roomNameSteps } from './room-name.ts';
import { room, roomItems, roomSteps } from './room.ts';
import { sendKey, sendKeyItems } from './send-key.ts';
import { session, sessionStore } from './session.ts';
import { subscription, subscriptionItems, subscriptionStore } from './subscription.ts';
import { ticket, ticketStore } from './ticket.ts';
import { upload, uploadDay, uploadSteps, uploadStore } from './upload.ts';
import { user, userItems } from './user.ts';

type AnyEntity = Pick<
  Entity<string, string, Attributes>,
  'name' | 'description' | 'pk' | 'sk' | 'index' | 'attributes' | 'endsBy' | 'key'
>;

/** In the order in which the documentation lists them. */
export const entities: AnyEntity[] = [
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
  inboxWatch,
  activityPace,
  logEntry,
  sendKey,
  upload,
  fileStep,
  ownSeqs,
  archivedOwnSeqs,
  archivedDeadSeqs,
  connection,
  subscription,
  ticket,
  limit,
  loginPause,
  budget,
  uploadDay,
  migrationCheckpoint,
  canaryResult,
];

/** The files of the entities: which kinds of items each defines, and the stores and steps with its access patterns. */
export const entityFiles: {
  file: string;
  entities: AnyEntity[];
  /** Objects of access patterns, or functions that make them for a table. */
  access: (object | ((table: Table) => object))[];
}[] = [
  { file: 'account.ts', entities: [account], access: [] },
  { file: 'activity-pace.ts', entities: [activityPace], access: [activityPaceItems] },
  { file: 'budget.ts', entities: [budget], access: [budgetStore] },
  { file: 'canary-result.ts', entities: [canaryResult], access: [canaryResultStore] },
  { file: 'connection.ts', entities: [connection], access: [connectionItems, admissionStore] },
  { file: 'dead-seqs.ts', entities: [archivedDeadSeqs], access: [deadSeqsItems] },
  { file: 'email.ts', entities: [email], access: [] },
  { file: 'erasure-step.ts', entities: [erasureStep], access: [] },
  { file: 'file-step.ts', entities: [fileStep], access: [fileSteps] },
  { file: 'former-member.ts', entities: [formerMember], access: [formerMemberItems] },
  { file: 'head.ts', entities: [head], access: [headSteps, headItems] },
  { file: 'inbox-watch.ts', entities: [inboxWatch], access: [inboxWatchItems] },
  { file: 'limit.ts', entities: [limit], access: [limitStore] },
  { file: 'log-entry.ts', entities: [logEntry], access: [logEntryItems] },
  { file: 'login-pause.ts', entities: [loginPause], access: [loginPauseStore] },
  { file: 'login.ts', entities: [login], access: [loginItems] },
  { file: 'member.ts', entities: [member], access: [memberItems, roomWithMemberItems] },
  { file: 'migration-checkpoint.ts', entities: [migrationCheckpoint], access: [migrationCheckpoints] },
  { file: 'own-seqs.ts', entities: [archivedOwnSeqs, ownSeqs], access: [ownSeqsItems, unreadItems] },
  {
    file: 'revocation.ts',
    entities: [revocationNotice, sessionRevocation, userRevocation],
    access: [revocationStore],
  },
  { file: 'room-name.ts', entities: [roomName], access: [roomNameSteps, roomNameItems] },
  { file: 'room.ts', entities: [room], access: [roomSteps, roomItems] },
  { file: 'send-key.ts', entities: [sendKey], access: [sendKeyItems] },
  { file: 'session.ts', entities: [session], access: [sessionStore] },
  { file: 'subscription.ts', entities: [subscription], access: [subscriptionItems, subscriptionStore] },
  { file: 'ticket.ts', entities: [ticket], access: [ticketStore] },
  { file: 'upload.ts', entities: [upload, uploadDay], access: [uploadSteps, uploadStore] },
  { file: 'user.ts', entities: [user], access: [userItems, pictureStore] },
];
