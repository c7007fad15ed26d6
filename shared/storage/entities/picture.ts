/** Which profile picture each user shows, with the transactions that change it. */
import type { PictureStore, ShownPicture } from '../../domain/ports/pictures.ts';
import { accessPattern } from '../access-pattern.ts';
import type { Condition } from '../condition.ts';
import type { Step, Table } from '../table.ts';
import { fileSteps } from './file-step.ts';
import { uploadSteps } from './upload.ts';
import { user } from './user.ts';

/** The picture is the one that was read. */
const isShowing = ({ chosenAtMs }: ShownPicture): Condition =>
  chosenAtMs === undefined
    ? { if: 'attribute_exists(pk) AND attribute_not_exists(picture_chosen_at)' }
    : { if: 'attribute_exists(pk) AND picture_chosen_at = :read', values: { ':read': chosenAtMs } };

const replace = (userId: string, shown: ShownPicture, { folder, chosenAtMs }: ShownPicture): Step => ({
  update: user.key({ userId }),
  change: { set: user.encode({ profilePicture: folder, pictureChosenAtMs: chosenAtMs }) },
  condition: isShowing(shown),
});

export const pictureStore = (table: Table): PictureStore => ({
  find: accessPattern('GetItem', 'Reads which profile picture a user shows.', async (userId: string) => {
    const item = await table.get(user.key({ userId }));
    if (item === undefined) return undefined;
    const { profilePicture: folder, pictureChosenAtMs: chosenAtMs } = user.parse(item);
    return { folder, ...(chosenAtMs !== undefined && { chosenAtMs }) };
  }),
  show: accessPattern(
    'TransactWriteItems',
    'Shows a profile picture in place of the one that was read, ends its upload, and has the objects of both kept and removed.',
    async (upload, { folder, shown, step }, at) => {
      const outcome = await table.transact([
        replace(upload.userId, shown, { folder, chosenAtMs: upload.createdAtMs }),
        uploadSteps.endWithPicture(upload),
        fileSteps.add(step, at),
      ]);
      if (outcome.ok) return 'shown';
      const [, uploadFailed] = outcome.failed;
      return uploadFailed === undefined ? 'changed' : 'settled';
    },
  ),
  hide: accessPattern(
    'TransactWriteItems',
    'Shows no profile picture in place of the one that was read, and has its objects removed.',
    async (userId, { chosenAtMs, shown, step }, at) => {
      const outcome = await table.transact([
        replace(userId, shown, { folder: null, chosenAtMs }),
        ...(step === undefined ? [] : [fileSteps.add(step, at)]),
      ]);
      return outcome.ok;
    },
  ),
});
