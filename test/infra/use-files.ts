/** Uses what functions may do with files. */
import { filesOf, postForm } from '../kit/files.ts';
import type { AuditedRuntime } from './audited-runtime.ts';

/** The smallest GIF. */
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

export async function useFiles({ local, invoke }: AuditedRuntime): Promise<void> {
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
