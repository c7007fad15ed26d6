/** What users and clients do with files in the model: mostly what they should, and now and then what they may not. */
import { checkUpload } from '../../../functions/uploads/check-upload.ts';
import { nextRevocation } from '../../../shared/domain/accounts/revoke-tokens.ts';
import { encodeAttachmentId } from '../../../shared/domain/files/attachment-id.ts';
import { declareUpload } from '../../../shared/domain/files/declare-upload.ts';
import { findAttachments } from '../../../shared/domain/files/find-attachments.ts';
import { incomingKey } from '../../../shared/domain/files/object-keys.ts';
import { deleteMessage } from '../../../shared/domain/messages/delete-message.ts';
import { editMessage } from '../../../shared/domain/messages/edit-message.ts';
import { getMessage } from '../../../shared/domain/messages/find-message.ts';
import { sendMessage } from '../../../shared/domain/messages/send-message.ts';
import type { Caller } from '../../../shared/domain/model/accounts.ts';
import type { MessageEntry } from '../../../shared/domain/model/log.ts';
import type { Upload, UploadPlace } from '../../../shared/domain/model/uploads.ts';
import { deleteRoom } from '../../../shared/domain/rooms/delete-room.ts';
import { stillAllowed } from '../../../shared/domain/rooms/verify-access.ts';
import { people, roomIds, type FilesPorts, type FilesSystem } from './files-system.ts';

export interface FilesState {
  system: FilesSystem;
  /** The declarations that were answered. */
  declared: Upload[];
  /** The messages that were answered. */
  sent: MessageEntry[];
  /** The ids of messages whose deletion was answered. */
  deleted: Set<string>;
  /** A room that is being deleted, and a user whose account is, from the moment at which it begins. */
  endedRooms: Set<string>;
  endedUsers: Set<string>;
  texts: number;
}

export const newState = (system: FilesSystem): FilesState => ({
  system,
  declared: [],
  sent: [],
  deleted: new Set(),
  endedRooms: new Set(),
  endedUsers: new Set(),
  texts: 0,
});

export const idOf = ({ roomId, seq }: Pick<MessageEntry, 'roomId' | 'seq'>): string => `${roomId} ${seq}`;

const hourMs = 3_600_000;
const isPublishedByStream = () => false;
const quota = { files: 1_000, bytes: 1_000_000 };
const lifetimes = { accessTokenLifetimeMs: hourMs, refreshTokenLifetimeMs: hourMs };

/** A user who can still sign in. */
function someUser({ system, endedUsers }: FilesState): Caller {
  const present = people.filter(({ userId }) => !endedUsers.has(userId));
  return present[system.below(present.length)]!;
}

const someOf = <T>({ system }: FilesState, all: readonly T[]): T | undefined => all[system.below(all.length)];

/** Uploads of the last minutes mostly, so that the same ones meet in many actions. */
const someUpload = (state: FilesState): Upload | undefined =>
  someOf(state, state.system.random() < 0.8 ? state.declared.slice(-6) : state.declared);

export async function declare(state: FilesState): Promise<void> {
  const { system, declared } = state;
  const caller = someUser(state);
  const roomId = roomIds[system.below(2)]!;
  const file = { name: 'map.png', declaredType: 'image/png', declaredSize: 9 };
  const upload = await system.begin((ports) => declareUpload(ports, caller, { roomId, file, quota }));
  if (upload === undefined) return;
  declared.push(upload);
  if (system.random() < 0.8) await post(state, upload);
}

/** Posts the form of an upload, also a second time, and has the bucket report it. */
export async function post(state: FilesState, upload = someUpload(state)): Promise<void> {
  if (upload === undefined) return;
  const { system } = state;
  system.bucket.post(incomingKey(upload), system.random() < 0.1 ? 'bad' : `map ${(state.texts += 1)}`);
  // The bucket reports it once or twice, and a send that names it has it checked as well.
  await Promise.all([
    check(state, upload),
    system.random() < 0.2 ? check(state, upload) : undefined,
    system.random() < 0.3 ? send(state, upload) : undefined,
  ]);
}

export const check = (state: FilesState, upload = someUpload(state)): Promise<unknown> =>
  upload === undefined ? Promise.resolve() : state.system.persist((ports) => checkUpload(ports, upload));

export async function send(state: FilesState, upload = someUpload(state)): Promise<void> {
  const { system, sent } = state;
  if (upload === undefined) return;
  const owner = people.find(({ userId }) => userId === upload.userId)!;
  const caller = system.random() < 0.85 && !state.endedUsers.has(owner.userId) ? owner : someUser(state);
  const roomId = system.random() < 0.9 ? upload.roomId : roomIds[system.below(2)]!;
  const others = state.declared.filter((one) => one.userId === caller.userId && one.roomId === roomId);
  const more = system.random() < 0.3 ? others.slice(-1) : [];
  const uploads = [...new Set([upload, ...more])];
  const clientId = system.random() < 0.5 ? `send ${(state.texts += 1)}` : undefined;
  const repeats = clientId === undefined ? 0 : system.below(3);
  const one = () => system.begin((ports) => sendFiles(ports, { caller, roomId, uploads, clientId }));
  const answers = await Promise.all(Array.from({ length: 1 + repeats }, one));
  sent.push(...answers.filter((entry) => entry !== undefined));
}

async function sendFiles(
  ports: FilesPorts,
  {
    caller,
    roomId,
    uploads,
    clientId,
  }: { caller: Caller; roomId: string; uploads: Upload[]; clientId: string | undefined },
): Promise<MessageEntry> {
  const { userId, username } = caller;
  const checkToTheEnd = async (place: UploadPlace): Promise<boolean> => {
    await checkUpload(ports, place);
    return true;
  };
  const attachments = await findAttachments(
    { ...ports, checkUpload: checkToTheEnd },
    { userId, roomId, attachmentIds: uploads.map(encodeAttachmentId), mayRepeat: clientId !== undefined },
  );
  const verify = stillAllowed(ports, { action: 'sendMessage', roomId, userId });
  const sending = { roomId, userId, username, content: 'look', clientId, attachments, isPublishedByStream };
  return (await sendMessage(ports, { ...sending, verify })).entry;
}

/** Deletes or edits a message of a user's own. */
export async function change(state: FilesState): Promise<void> {
  const { system, sent, deleted, endedUsers } = state;
  const message = someOf(state, sent.slice(-8));
  if (message === undefined || endedUsers.has(message.userId)) return;
  const { roomId, userId, seq } = message;
  const isDeletion = system.random() < 0.7;
  const isDone = await system.begin(async (ports) => {
    const found = await getMessage(ports, roomId, seq);
    const action = isDeletion ? 'deleteMessage' : 'editMessage';
    const input = {
      message: found,
      isPublishedByStream,
      verify: stillAllowed(ports, { action, roomId, userId }),
    };
    if (isDeletion) await deleteMessage(ports, input);
    else await editMessage(ports, { ...input, content: 'look here' });
    return true;
  });
  if (isDeletion && isDone === true) deleted.add(idOf(message));
}

/** Deletes the second room, or the account of the last user, unless that was done before. */
export async function end(state: FilesState): Promise<void> {
  const { system, endedRooms, endedUsers } = state;
  const [owner, , last] = people as [Caller, Caller, Caller];
  if (system.random() < 0.5) {
    const [, roomId] = roomIds as [string, string];
    if (endedRooms.has(roomId)) return;
    endedRooms.add(roomId);
    await system.persist((ports) => unlessGone(deleteRoom(ports, owner, roomId)));
  } else {
    if (endedUsers.has(last.userId)) return;
    endedUsers.add(last.userId);
    await system.persist(async ({ users }) => {
      const login = await users.findLogin(last.username);
      const account = await users.getWithAccount(last.userId);
      if (login !== undefined && account !== undefined)
        await users.erase(login, account, nextRevocation(login, undefined, system.now(), lifetimes));
    });
  }
}

/** A repetition finds that the room is gone. */
async function unlessGone(work: Promise<unknown>): Promise<void> {
  await work.catch((error: { code?: string }) => {
    if (error.code !== 'not_found') throw error;
  });
}
