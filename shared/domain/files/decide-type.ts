/** Decides which type a file has: the bytes do, and a file that claims to be shown in place and is not so is refused. */

/** The type of files of which nothing is known. */
export const unknownType = 'application/octet-stream';

/** The types that browsers show in place. All others are downloads. */
const shownInPlace = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'audio/wav',
  'audio/webm',
  'video/mp4',
  'video/webm',
] as const;

export const isShownInPlace = (type: string): boolean => shownInPlace.some((one) => one === type);

/** Other names of the same types, as browsers, systems and libraries use them. */
const standardNames: Record<string, string> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/apng': 'image/png',
  'audio/mp3': 'audio/mpeg',
  'audio/x-m4a': 'audio/mp4',
  'audio/m4a': 'audio/mp4',
  'audio/wave': 'audio/wav',
  'audio/x-wav': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/opus': 'audio/ogg',
  'video/x-m4v': 'video/mp4',
};

/** Containers that hold sound alone or pictures with sound, which the first bytes do not tell apart. */
const soundIn: Record<string, string> = {
  'audio/mp4': 'video/mp4',
  'audio/webm': 'video/webm',
  'audio/ogg': 'video/ogg',
};

/** Types that browsers may run when they show them. They are downloaded as bytes of which nothing is known. */
const runnable = /^(text\/(html|xml)|application\/(xml|xhtml\+xml|x-shockwave-flash)|image\/svg\+xml)$/;

const isMedia = (type: string): boolean => /^(image|audio|video)\//.test(type);

const standardName = (type: string): string => {
  const name = type.split(';')[0]!.trim().toLowerCase();
  return standardNames[name] ?? name;
};

/**
 * Returns the type under which a file is shown and served.
 * @param declared as the client declared it
 * @param detected as the first bytes tell; undefined when they tell nothing
 * @returns undefined when the file is not what it was declared to be
 */
export function decideType(declared: string, detected: string | undefined): string | undefined {
  const [claim, found] = [standardName(declared), standardName(detected ?? unknownType)];
  if (claim === found || claim === unknownType) return served(found);
  if (soundIn[claim] !== undefined && soundIn[claim] === found) return claim;
  // Names of other types differ between systems, and most have no bytes by which they are known.
  return isMedia(claim) || isMedia(found) ? undefined : served(found);
}

const served = (type: string): string => (runnable.test(type) ? unknownType : type);
