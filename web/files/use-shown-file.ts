/** A file as a view shows it: with addresses that last, and missing as long as it cannot be loaded. */
import { useState, type MouseEvent } from 'react';
import type { Attachment } from 'serverless-chat-client';
import { useAttachment, useChat, useConnectionState } from 'serverless-chat-client/react';

export interface ShownFile {
  file: Attachment;
  /** Whether the file cannot be shown: it is gone, or the network is. Without a network it is tried again with one. */
  isMissing: boolean;
  /** Call it when the file could not be loaded. */
  failed: () => void;
  /** Call it when the file was loaded. */
  loaded: () => void;
}

export function useShownFile(attachment: Attachment): ShownFile {
  const { isGone, failed, ...file } = useAttachment(attachment);
  const isLive = useConnectionState().state === 'live';
  const [hasFailedOffline, setFailedOffline] = useState(false);
  return {
    file,
    // A file that waits to be sent has no address for a moment after a reload.
    isMissing: isGone || file.url === '' || (hasFailedOffline && !isLive),
    failed: () => (isLive ? failed() : setFailedOffline(true)),
    loaded: () => setFailedOffline(false),
  };
}

/** Returns the listener of a link to a file, which leads to a new address when its own has ended since it was rendered. */
export function useDownload(attachment: Attachment): (event: MouseEvent<HTMLAnchorElement>) => void {
  const { attachment_id: id, name, url } = attachment;
  const { client } = useChat();
  return (event) => {
    if (!hasEnded(url)) return;
    event.preventDefault();
    // The link of a file that is gone leads nowhere.
    client.renewAttachment(id).then(
      (renewed) => download(renewed.url, name),
      () => undefined,
    );
  };
}

/** Addresses name the second at which they end. */
function hasEnded(url: string): boolean {
  const [, until] = /[?&]until=(\d+)/.exec(url) ?? [];
  return until !== undefined && Number(until) * 1_000 < Date.now();
}

function download(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
