/** Defect: a check records its result before the objects are stored, so that a message may show what is never stored. */
import * as original from '../../../functions/uploads/check-upload.ts';

export * from '../../../functions/uploads/check-upload.ts';

export const checkUpload: typeof original.checkUpload = async (ports, place) => {
  const later: (() => Promise<void>)[] = [];
  const objects = {
    ...ports.objects,
    putUnsent: async (...put: Parameters<typeof ports.objects.putUnsent>) =>
      void later.push(() => ports.objects.putUnsent(...put)),
  };
  const checked = await original.checkUpload({ ...ports, objects }, place);
  for (const put of later) await put();
  return checked;
};
