/** The handlers of the operations under `/chat/`: each calls the domain and shapes the response. */
import type { RoomAction } from '../../shared/domain/access.ts';
import { createTicket } from '../../shared/domain/connections/tickets.ts';
import { declareUpload } from '../../shared/domain/files/declare-upload.ts';
import { getAttachment } from '../../shared/domain/files/get-attachment.ts';
import { viewUploadForm } from '../../shared/domain/files/view-upload-form.ts';
import { fanOutBytes } from '../../shared/domain/files/view-attachments.ts';
import { deleteMessage } from '../../shared/domain/messages/delete-message.ts';
import { editMessage } from '../../shared/domain/messages/edit-message.ts';
import { findOwnMessage } from '../../shared/domain/messages/find-message.ts';
import { listMessages } from '../../shared/domain/messages/list-messages.ts';
import { listUnread } from '../../shared/domain/messages/list-unread.ts';
import { markUnread } from '../../shared/domain/messages/mark-unread.ts';
import { listReaders, markRead } from '../../shared/domain/messages/read-markers.ts';
import { sendWithAttachments } from '../../shared/domain/messages/send-with-attachments.ts';
import {
  recordOwnSeq,
  archiveAfterDeletion,
  archiveAfterSend,
} from '../../shared/domain/messages/unread-seqs.ts';
import type { Caller } from '../../shared/domain/model/accounts.ts';
import { ensureMember } from '../../shared/domain/rooms/membership/join-room.ts';
import { createRoom } from '../../shared/domain/rooms/create-room.ts';
import { deleteRoom } from '../../shared/domain/rooms/delete-room.ts';
import { findRoomFor, getRoom } from '../../shared/domain/rooms/find-room.ts';
import { listMyRooms, listRooms } from '../../shared/domain/rooms/list-rooms.ts';
import {
  addMember,
  leaveRoom,
  listMembers,
  removeMember,
} from '../../shared/domain/rooms/membership/members.ts';
import { openDirectRoom } from '../../shared/domain/rooms/open-direct-room.ts';
import { attachmentsMicroDollars, chargeFanOut } from '../../shared/domain/rate-limits/charges.ts';
import { searchMyRooms } from '../../shared/domain/search/search-my-rooms.ts';
import { searchRoom } from '../../shared/domain/search/search-room.ts';
import { stillAllowed } from '../../shared/domain/rooms/verify-access.ts';
import { updateRoom } from '../../shared/domain/rooms/update-room.ts';
import { viewMessage } from '../../shared/domain/views.ts';
import { waitForAll } from '../../shared/domain/wait-for-all.ts';
import { pageAnswer } from '../../shared/lambda/http-answer.ts';
import type { HttpHandlers } from '../../shared/lambda/http-function.ts';
import type { Dependencies } from './dependencies.ts';
import websocketDocs from './static/websocket-docs.html' with { type: 'text' };

/** Leaves publishing to the table stream's function, since this function may not post to connections. */
const isPublishedByStream = () => true;

/** Creates the handlers on the given ports. */
export function handlers(ports: Dependencies): HttpHandlers<'chat'> {
  const verifyFor = (action: RoomAction, roomId: string, { userId }: Caller) =>
    stillAllowed(ports, { action, roomId, userId });

  /** Returns the caller's own message. @throws ChatError `not_found`, `forbidden`. */
  const ownMessage = (action: 'editMessage' | 'deleteMessage', caller: Caller, messageId: string) =>
    findOwnMessage(ports, { userId: caller.userId, messageId }, async (roomId) => {
      await findRoomFor(action, ports, roomId, caller.userId);
      return verifyFor(action, roomId, caller);
    });

  return {
    listRooms: async ({ query }) => pageAnswer(await listRooms(ports, query)),
    listMyRooms: async ({ caller, query }) => pageAnswer(await listMyRooms(ports, caller, query)),
    createRoom: async ({ caller, body }) => ({
      status: 201,
      body: await createRoom(ports, caller, {
        name: body.room_name,
        description: body.description ?? '',
        isPrivate: body.is_private ?? false,
      }),
    }),
    getRoom: async ({ caller, params }) => ({
      status: 200,
      body: await getRoom(ports, caller, params.room_id),
    }),
    updateRoom: async ({ caller, params, body }) => ({
      status: 200,
      body: await updateRoom(ports, caller, params.room_id, {
        name: body.room_name,
        description: body.description === null ? '' : body.description,
      }),
    }),
    deleteRoom: async ({ caller, params }) => {
      await deleteRoom(ports, caller, params.room_id);
      return { status: 204 };
    },
    addMember: async ({ caller, params, body }) => ({
      status: 200,
      body: await addMember(ports, caller, params.room_id, body.user_id),
    }),
    removeMember: async ({ caller, params }) => ({
      status: 200,
      body: await removeMember(ports, caller, params.room_id, params.user_id),
    }),
    listMembers: async ({ caller, params, query }) =>
      pageAnswer(await listMembers(ports, caller, params.room_id, query)),
    leaveRoom: async ({ caller, params }) => {
      await leaveRoom(ports, caller, params.room_id);
      return { status: 204 };
    },
    openDirectRoom: async ({ caller, params }) => ({
      status: 200,
      body: await openDirectRoom(ports, caller, params.target_user_id),
    }),
    listMessages: async ({ caller, params, query }) =>
      pageAnswer(await listMessages(ports, caller, params.room_id, query)),
    sendMessage: async ({ caller, params, body }) => {
      const { room, member } = await findRoomFor('sendMessage', ports, params.room_id, caller.userId);
      const sent = await sendWithAttachments(ports, {
        roomId: room.roomId,
        userId: caller.userId,
        username: caller.username,
        content: body.content,
        clientId: body.client_id,
        attachmentIds: body.attachments,
        beforeStoring: () => ensureMember(ports, room, member, caller),
        isPublishedByStream,
        verify: verifyFor('sendMessage', room.roomId, caller),
      });
      if (!sent.duplicate) ports.metrics.add('MessagesStored', 1);
      await waitForAll([
        recordOwnSeq(ports, sent.entry).then((own) => archiveAfterSend(ports, sent, own)),
        chargeFanOut(ports.budget, caller.userId, sent.head, fanOutBytes(sent.entry)),
        ports.budget.charge(caller.userId, attachmentsMicroDollars(body.attachments)),
      ]);
      return { status: sent.duplicate ? 200 : 201, body: await viewMessage(ports, sent.entry) };
    },
    editMessage: async ({ caller, params, body }) => {
      const own = await ownMessage('editMessage', caller, params.message_id);
      const edited = await editMessage(ports, { ...own, content: body.content, isPublishedByStream });
      await chargeFanOut(ports.budget, caller.userId, edited.head, Buffer.byteLength(body.content));
      return { status: 200, body: await viewMessage(ports, edited.message) };
    },
    deleteMessage: async ({ caller, params }) => {
      const own = await ownMessage('deleteMessage', caller, params.message_id);
      const deleted = await deleteMessage(ports, { ...own, isPublishedByStream });
      if (deleted === undefined) return { status: 204 };
      await waitForAll([
        archiveAfterDeletion(ports, deleted.head),
        chargeFanOut(ports.budget, caller.userId, deleted.head),
      ]);
      return { status: 204 };
    },
    createUpload: async ({ caller, params, body }) => {
      const { name, type, size, alt } = body;
      const upload = await declareUpload(ports, caller, {
        roomId: params.room_id,
        file: { name, declaredType: type, declaredSize: size, ...(alt !== undefined && { alt }) },
        quota: ports.settings.uploadQuota,
      });
      return { status: 201, body: await viewUploadForm(ports.uploadForms, upload) };
    },
    getAttachment: async ({ caller, params }) => ({
      status: 200,
      body: await getAttachment(ports, caller, params.attachment_id),
    }),
    markRead: async ({ caller, params, body }) => ({
      status: 200,
      body: await markRead(ports, caller, params.room_id, body.message_id),
    }),
    markUnread: async ({ caller, params, body }) => ({
      status: 200,
      body: await markUnread(ports, caller, params.room_id, body.message_id),
    }),
    listUnread: async ({ caller, query }) => pageAnswer(await listUnread(ports, caller, query.cursor)),
    listReaders: async ({ caller, params }) => ({
      status: 200,
      body: await listReaders(ports, caller, params.room_id),
    }),
    searchRoom: async ({ caller, params, query }) => ({
      status: 200,
      body: await searchRoom(ports, caller, params.room_id, query),
    }),
    searchMyRooms: async ({ caller, query }) => ({
      status: 200,
      body: await searchMyRooms(ports, caller, query),
    }),
    createTicket: async ({ caller, body }) => ({
      status: 200,
      body: await createTicket(ports, caller, body.room, ports.settings),
    }),
    showWebsocketDocs: async () => ({
      status: 200,
      body: websocketDocs,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'public, max-age=300',
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
      },
    }),
  };
}
