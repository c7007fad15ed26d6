/** Detects the type of a file by its first bytes. */
import { fileTypeFromBuffer } from 'file-type';

/** Returns the media type; undefined when the bytes are those of no known type, as those of text are. */
export async function detectType(bytes: Uint8Array): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(bytes))?.mime;
  } catch {
    // A file that begins like one of a type and ends too early has the type of none.
    return undefined;
  }
}
