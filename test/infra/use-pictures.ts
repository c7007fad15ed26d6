/** Uses what functions may do with profile pictures. */
import { decodeAttachmentId } from '../../shared/domain/files/attachment-id.ts';
import { eventually } from '../kit/eventually.ts';
import { postForm } from '../kit/files.ts';
import type { AuditedRuntime } from './audited-runtime.ts';
import type { User } from './use-sockets.ts';

/** The smallest PNG. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
);

/** Shows two profile pictures one after the other, has each checked several times at once, and removes the last. */
export async function usePictures(
  { call, invoke, recordCall }: AuditedRuntime,
  { access }: User,
): Promise<void> {
  const path = '/users/auth/profile/picture/';
  const pictureOf = async () => (await call('GET', '/users/auth/profile/', access)).profile_picture;
  for (let count = 0; count < 2; count += 1) {
    const before = await pictureOf();
    const form = await call('POST', path, access, { type: 'image/png', size: png.length });
    // The bucket judges the form by the role of the function that has signed it, and the function sends nothing itself.
    if ((await postForm(form, png)) === 204)
      recordCall('accounts', {
        action: 's3:PutObject',
        resource: `arn:aws:s3:::${form.fields.bucket}/${form.fields.key}`,
      });
    const check = decodeAttachmentId(form.upload_id);
    await Promise.all([1, 2, 3].map(() => invoke('uploads', { check })));
    await eventually(async () => {
      if ((await pictureOf()) === before) throw new Error('The picture is not shown yet');
    });
  }
  await call('DELETE', path, access);
}
