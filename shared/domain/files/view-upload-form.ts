/** Shows a declared upload to its client: the form by which the client posts the file. */
import type { UploadForm } from '../../contract/files.ts';
import * as limits from '../../contract/limits.ts';
import type { Upload } from '../model/uploads.ts';
import type { UploadForms } from '../ports/files.ts';
import { encodeAttachmentId } from './attachment-id.ts';
import { incomingKey } from './object-keys.ts';

export async function viewUploadForm(forms: UploadForms, upload: Upload): Promise<UploadForm> {
  const form = await forms.formFor({
    key: incomingKey(upload),
    contentType: upload.declaredType,
    size: upload.declaredSize,
  });
  return { upload_id: encodeAttachmentId(upload), ...form, expires_in: limits.uploadFormLifetimeSeconds };
}
