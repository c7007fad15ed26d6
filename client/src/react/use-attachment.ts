/** The hook for one attachment of a message, whose addresses end. */
import { useCallback, useEffect, useState } from 'react';
import { ChatProblem, type Attachment } from '../index.ts';
import { useSource } from './chat-context.ts';

/** What `useAttachment` returns: the attachment with addresses that last. */
export interface FreshAttachment extends Attachment {
  /** The file is not available any more: its message was deleted, or its new address does not work either. */
  isGone: boolean;
  /** Call it when the file could not be loaded, such as in `onError` of an image: its address is renewed, once. */
  failed: () => void;
}

/** Addresses that end within this time are renewed before they are used. */
const marginMs = 30_000;

interface Renewal {
  /** The address that was replaced. */
  of: string;
  /** Undefined while new addresses are requested. */
  renewed?: Attachment;
  isGone?: boolean;
}

/**
 * Returns an attachment with addresses that last: they are signed and end after an hour, for example those of messages that
 * this device has kept. They are renewed when they have ended, and once when the file could not be loaded.
 *
 * @example
 * function Picture({ attachment }: { attachment: Attachment }) {
 *   const { thumbnail_url, url, alt, width, height, isGone, failed } = useAttachment(attachment);
 *   if (isGone) return <p>This image is no longer available.</p>;
 *   return <img src={thumbnail_url ?? url} alt={alt ?? ''} width={width} height={height} onError={failed} />;
 * }
 */
export function useAttachment(attachment: Attachment): FreshAttachment {
  const source = useSource();
  const { attachment_id: id, url } = attachment;
  const [latest, setLatest] = useState<Renewal>();
  // The room shows renewed addresses as well. When it shows others, these are newer.
  const renewal = latest !== undefined && [latest.of, latest.renewed?.url].includes(url) ? latest : undefined;
  const renew = useCallback(async () => {
    try {
      const renewed = await source.client.renewAttachment(id);
      setLatest({ of: url, renewed });
    } catch (error) {
      // Without a network, nothing is known.
      const isKnown = error instanceof ChatProblem && !error.retryable;
      setLatest(isKnown ? { of: url, isGone: true } : undefined);
    }
  }, [source, id, url]);
  const mustRenew = renewal === undefined && hasEnded(url);
  useEffect(() => {
    // oxlint-disable-next-line react/set-state-in-effect -- It is set when the server has answered.
    if (mustRenew) void renew();
  }, [mustRenew, renew]);
  const failed = useCallback(() => {
    if (renewal === undefined) {
      setLatest({ of: url });
      void renew();
    } else if (renewal.renewed !== undefined) setLatest({ ...renewal, isGone: true });
  }, [renewal, renew, url]);
  const shown = renewal?.renewed === undefined ? attachment : again(renewal.renewed, renewal.of);
  return { ...shown, isGone: renewal?.isGone ?? false, failed };
}

/** The addresses say until when they last, in seconds since 1970. */
function hasEnded(url: string): boolean {
  const [, until] = /[?&]until=(\d+)/.exec(url) ?? [];
  return until !== undefined && Number(until) * 1_000 < Date.now() + marginMs;
}

/** Addresses of the same half hour are equal. A browser loads them again only if they differ. */
function again(attachment: Attachment, before: string): Attachment {
  const { url, thumbnail_url: thumbnail } = attachment;
  if (url !== before) return attachment;
  return {
    ...attachment,
    url: `${url}#again`,
    ...(thumbnail !== undefined && { thumbnail_url: `${thumbnail}#again` }),
  };
}
