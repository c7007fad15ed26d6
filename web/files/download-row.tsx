/** A file that is downloaded: its name, size and a sign for its type. */
import type { Attachment } from 'serverless-chat-client';
import { strings } from '../strings.ts';
import { endingOf, sizeText } from './attachment.ts';
import { DownloadLink } from './download-link.tsx';

export function DownloadRow({ attachment }: { attachment: Attachment }) {
  const { name, size } = attachment;
  return (
    <DownloadLink attachment={attachment} className="file-row">
      <TypeSign name={name} />
      <span className="file-text">
        <span className="hidden">{strings.download} </span>
        <span className="file-name">{name}</span> <small>{sizeText(size)}</small>
      </span>
      <span className="file-arrow" aria-hidden="true">
        ↓
      </span>
    </DownloadLink>
  );
}

/** A sheet of paper with the ending of the name. */
function TypeSign({ name }: { name: string }) {
  return (
    <span className="type-sign" aria-hidden="true" data-ending={endingOf(name)}>
      <svg viewBox="0 0 24 30" width="24" height="30" fill="none" stroke="currentColor" strokeWidth="1.5">
        <path d="M3 1h12l6 6v20a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2V3a2 2 0 0 1 2-2zM15 1v6h6" />
      </svg>
    </span>
  );
}
