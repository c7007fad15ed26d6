/** Uses what functions may do with files. */
import { filesOf, postForm } from '../kit/files.ts';
import { eventually } from '../kit/eventually.ts';
import type { AuditedRuntime } from './audited-runtime.ts';
import type { User } from './use-sockets.ts';

/** The smallest GIF. */
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

export async function useFiles(runtime: AuditedRuntime, ann: User, bob: User): Promise<void> {
  await useChecks(runtime);
  await useAttachments(runtime, ann, bob);
}

async function useChecks({ local, invoke }: AuditedRuntime): Promise<void> {
  const files = filesOf(local);
  const declare = () => files.declare({ declaredType: 'image/gif', declaredSize: gif.length });
  const [posted, missing] = await Promise.all([declare(), declare()]);
  await postForm(files.formOf(posted), gif);
  const checkOf = ({ roomId, uploadKey }: typeof posted) => ({ check: { roomId, uploadKey } });
  // Of several checks at the same time, all but one remove what they have made.
  await Promise.all([posted, posted, posted].map((upload) => invoke('uploads', checkOf(upload))));
  await invoke('uploads', checkOf(missing));
  files.close();
}

async function useAttachments(
  { call, open, recordCall }: AuditedRuntime,
  ann: User,
  bob: User,
): Promise<void> {
  const { room_id: roomId } = await call('POST', '/chat/rooms/create/', ann.access, { room_name: 'files' });
  const socket = open('/ws/chat/files/', bob.access);
  await socket.received('history_end');
  const declare = ({ access }: User) =>
    call('POST', `/chat/rooms/${roomId}/uploads/`, access, {
      name: 'dot.gif',
      type: 'image/gif',
      size: gif.length,
    });
  const send = (attachments: string[]) =>
    call('POST', `/chat/rooms/${roomId}/messages/`, ann.access, { content: '', client_id: 'f', attachments });
  const sendOver = (attachments: string[]) =>
    socket.send({ type: 'message', content: '', client_id: 'f', attachments });
  const [anns, bobs] = await Promise.all([declare(ann), declare(bob)]);
  // Nothing is posted yet, so both sends ask for a check, and look for a message that they may repeat.
  await send([anns.upload_id]).catch(() => undefined);
  sendOver([bobs.upload_id]);
  await socket.received('error');
  for (const [user, form] of [
    [ann, anns],
    [bob, bobs],
  ]) {
    // The bucket judges the form by the role of the function that has signed it, and the function sends nothing itself.
    if ((await postForm(form, gif)) === 204)
      recordCall('chat', {
        action: 's3:PutObject',
        resource: `arn:aws:s3:::${form.fields.bucket}/${form.fields.key}`,
      });
    await eventually(() => call('GET', `/chat/attachments/${form.upload_id}/`, user.access));
  }
  const { message_id: messageId } = await send([anns.upload_id]);
  await socket.received('chat_message');
  sendOver([bobs.upload_id]);
  await socket.received('ack');
  await call('GET', '/users/auth/export/', ann.access);
  await call('DELETE', `/chat/messages/${messageId}/delete/`, ann.access);
  socket.close();
}

/** Leaves a file that a user has not sent, and a profile picture, for the erasure of the user's account. */
export async function leaveUnsent({ call, local, invoke }: AuditedRuntime, user: User, roomId: string) {
  const file = { name: 'dot.gif', type: 'image/gif', size: gif.length };
  await call('POST', `/chat/rooms/${roomId}/uploads/`, user.access, file);
  const files = filesOf(local);
  const key = `pictures/${user.id}/AAECAwQFBgcICQoLDA0ODw/320`;
  local.buckets.put(files.bucket, key, 'a picture', {});
  files.close();
  await invoke('cleanup', { kind: 'keep_files', keys: [key] });
}
