/** The files of a message: images, players for sound and video, and rows to download the others. */
import type { Attachment } from 'serverless-chat-client';
import { DownloadRow } from './download-row.tsx';
import { ImageGrid } from './image-grid.tsx';
import { kindOf } from './attachment.ts';
import { Player } from './player.tsx';

interface AttachmentsProps {
  attachments: readonly Attachment[];
  /** Called with the image that the user wants to see larger. */
  onShow: (attachmentId: string) => void;
}

export function Attachments({ attachments, onShow }: AttachmentsProps) {
  const images = attachments.filter((one) => kindOf(one) === 'image');
  const others = attachments.filter((one) => kindOf(one) !== 'image');
  return (
    <div className="files">
      {images.length > 0 && <ImageGrid images={images} onShow={onShow} />}
      {others.map((one) =>
        kindOf(one) === 'download' ? (
          <DownloadRow key={one.attachment_id} attachment={one} />
        ) : (
          <Player key={one.attachment_id} attachment={one} />
        ),
      )}
    </div>
  );
}
