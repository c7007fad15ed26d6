/** The headers with which a file is stored and served. They come from its bytes and its name, never from the client. */
import { isShownInPlace } from './decide-type.ts';

export interface ContentHeaders {
  contentType: string;
  contentDisposition: string;
  cacheControl: string;
}

/**
 * Lets the browser that has shown a file show it again for an hour, and no cache between. The content below an address
 * never changes.
 */
const cacheControl = 'private, max-age=3600, immutable';

/**
 * Returns the headers of a file with that type and name.
 * Source: https://www.rfc-editor.org/rfc/rfc6266, https://www.rfc-editor.org/rfc/rfc8187
 */
export function contentHeaders(type: string, name: string): ContentHeaders {
  const kind = isShownInPlace(type) ? 'inline' : 'attachment';
  return {
    contentType: type,
    contentDisposition: `${kind}; filename="${plainName(name)}"; filename*=UTF-8''${encodedName(name)}`,
    cacheControl,
  };
}

/** For clients that do not know the other form: ASCII letters, digits and a few marks, which need no quoting. */
function plainName(name: string): string {
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - extension.length).replace(/[^A-Za-z0-9_-]+/g, '_');
  return `${stem.slice(0, 100) || 'file'}${extension}`;
}

/** `encodeURIComponent` leaves five characters that the form does not allow. */
const encodedName = (name: string): string =>
  encodeURIComponent(name).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
