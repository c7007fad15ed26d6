/** A link that downloads a file under its name. */
import type { ReactNode } from 'react';
import type { Attachment } from 'serverless-chat-client';
import { useDownload, useShownFile } from './use-shown-file.ts';

interface DownloadLinkProps {
  attachment: Attachment;
  className?: string;
  children: ReactNode;
}

export function DownloadLink({ attachment, className, children }: DownloadLinkProps) {
  const { file } = useShownFile(attachment);
  const followed = useDownload(file);
  return (
    <a className={className} href={file.url} download={file.name} onClick={followed}>
      {children}
    </a>
  );
}
