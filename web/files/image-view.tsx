/** The view of one image, which leads to the other images of the room. */
import type { Room } from 'serverless-chat-client';
import { useMessages } from 'serverless-chat-client/react';
import { onDemand } from '../on-demand.tsx';
import { imagesOf } from './shown-images.ts';

const Lightbox = onDemand(async () => (await import('../later.ts')).Lightbox);

interface ImageViewProps {
  room: Room | undefined;
  /** The image that is shown first. */
  startId: string;
  onClose: () => void;
}

export function ImageView({ room, startId, onClose }: ImageViewProps) {
  const { messages } = useMessages(room);
  return <Lightbox images={imagesOf(messages)} startId={startId} onClose={onClose} />;
}
