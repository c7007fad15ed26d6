/** Loads the view of one image when the user first opens one, and shows it the images of the room. */
import type { Room } from 'serverless-chat-client';
import { useMessages } from 'serverless-chat-client/react';
import { strings } from '../strings.ts';
import { usePart } from '../use-part.ts';
import { imagesOf } from './shown-images.ts';

const loadLightbox = async () => (await import('./lightbox.tsx')).Lightbox;

interface ImageViewProps {
  room: Room | undefined;
  /** The image that is shown first. */
  startId: string;
  onClose: () => void;
}

export function ImageView({ room, startId, onClose }: ImageViewProps) {
  const { messages } = useMessages(room);
  const { part: Lightbox, isMissing } = usePart(loadLightbox);
  if (isMissing)
    return (
      <p className="notice problem" role="alert">
        {strings.partMissing}{' '}
        <button type="button" className="link" onClick={onClose}>
          {strings.close}
        </button>
      </p>
    );
  if (Lightbox === undefined) return null;
  return <Lightbox images={imagesOf(messages)} startId={startId} onClose={onClose} />;
}
