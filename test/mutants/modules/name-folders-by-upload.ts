/** Defect: all checks of an upload store their objects in the same folder. */
import * as original from '../../../functions/uploads/check-upload.ts';
import { uuidOfBytes } from '../../../shared/domain/message-id.ts';

export * from '../../../functions/uploads/check-upload.ts';

export const checkUpload: typeof original.checkUpload = (ports, place) =>
  original.checkUpload(
    { ...ports, random: { uuid: () => uuidOfBytes(Buffer.from(place.uploadKey, 'base64url')) } },
    place,
  );
