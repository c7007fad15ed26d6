/** The images of a message: one in its own shape, several as squares side by side. Their space is reserved. */
import type { Attachment } from 'serverless-chat-client';
import { useState } from 'react';
import { strings } from '../strings.ts';
import { sourceSet, textOf } from './attachment.ts';

interface ImageGridProps {
  images: readonly Attachment[];
  onShow: (attachmentId: string) => void;
}

/** What one image takes at most, in pixels. */
const maxSize = { width: 320, height: 288 };
/** The width of a square among several, in pixels. */
const squareWidth = 152;

export function ImageGrid({ images, onShow }: ImageGridProps) {
  const isSingle = images.length === 1;
  return (
    <div className="images" data-count={Math.min(images.length, 4)}>
      {images.map((image) => (
        <ImageButton
          key={image.attachment_id}
          image={image}
          width={isSingle ? widthOf(image) : squareWidth}
          isSquare={!isSingle}
          onShow={() => onShow(image.attachment_id)}
        />
      ))}
    </div>
  );
}

interface ImageButtonProps {
  image: Attachment;
  width: number;
  isSquare: boolean;
  onShow: () => void;
}

function ImageButton({ image, width, isSquare, onShow }: ImageButtonProps) {
  const [failedUrl, setFailedUrl] = useState<string>();
  const shape = isSquare || !hasSize(image) ? '1' : `${image.width} / ${image.height}`;
  return (
    <button type="button" className="image" style={{ width, aspectRatio: shape }} onClick={onShow}>
      <span className="hidden">{strings.showImage} </span>
      {failedUrl === image.url ? (
        <span className="image-missing">
          {textOf(image)}: {strings.imageMissing}
        </span>
      ) : (
        <img
          src={image.thumbnail_url ?? image.url}
          srcSet={sourceSet(image)}
          sizes={`${width}px`}
          alt={textOf(image)}
          decoding="async"
          onError={() => setFailedUrl(image.url)}
        />
      )}
    </button>
  );
}

const hasSize = ({ width = 0, height = 0 }: Attachment): boolean => width > 0 && height > 0;

/** Returns the width at which an image fits, without enlarging it, but wide enough to be hit. */
function widthOf(image: Attachment): number {
  const { width = 0, height = 0 } = image;
  if (!hasSize(image)) return maxSize.width / 2;
  const scale = Math.min(1, maxSize.width / width, maxSize.height / height);
  return Math.max(48, Math.round(width * scale));
}
