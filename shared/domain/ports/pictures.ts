/** Profile pictures, as the domain needs them from storage. */
import type { Upload } from '../model/uploads.ts';

/** What a user shows. */
export interface ShownPicture {
  /** The folder of the picture's objects; null when the user shows none. */
  folder: string | null;
  /** When the user declared that picture or removed the last one; undefined when the user has done neither. */
  chosenAtMs?: number;
}

/** The keys of objects that are kept or removed from then on. */
interface FollowingStep {
  /** Random, 22 characters in base64url. */
  stepKey: string;
  keep?: string[];
  remove?: string[];
}

export interface PictureStore {
  /** Returns undefined for a user who does not exist. Consistent. */
  find(userId: string): Promise<ShownPicture | undefined>;
  /**
   * Shows a picture in place of the one that was read, ends its upload, and has objects kept and removed, in one transaction.
   * `settled`: the upload was not awaited any more. `changed`: the user shows another picture than the one that was read, or is
   * gone.
   */
  show(
    upload: Upload,
    change: { folder: string; shown: ShownPicture; step: FollowingStep },
    at: number,
  ): Promise<'shown' | 'settled' | 'changed'>;
  /**
   * Shows none in place of the picture that was read, and has its objects removed, in one transaction. Returns false when the
   * user shows another picture than that, or is gone.
   */
  hide(
    userId: string,
    change: { chosenAtMs: number; shown: ShownPicture; step?: FollowingStep },
    at: number,
  ): Promise<boolean>;
}
