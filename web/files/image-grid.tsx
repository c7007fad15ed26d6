/** The images of a message: one in its own shape, several as squares side by side. Their space is reserved. */
import type { Attachment } from 'serverless-chat-client';
import { strings } from '../strings.ts';
import { localSizeOf } from './local-sizes.ts';
import { sourceSet, textOf } from './attachment.ts';
import { useShownFile } from './use-shown-file.ts';

interface ImageGridProps {
  images: readonly Attachment[];
  onShow: (attachmentId: string) => void;
}

/** What one image takes at most, in pixels. */
const maxSize = { width: 320, height: 288 };
const minSide = 48;
/** One among several, or one whose shape is not known. In pixels. */
const square = { width: 152, height: 152 };

export function ImageGrid({ images, onShow }: ImageGridProps) {
  const isSingle = images.length === 1;
  return (
    <div className="images" data-count={Math.min(images.length, 4)}>
      {images.map((image) => (
        <ImageButton
          key={image.attachment_id}
          image={image}
          size={isSingle ? sizeOf(image) : square}
          onShow={() => onShow(image.attachment_id)}
        />
      ))}
    </div>
  );
}

interface ImageButtonProps {
  image: Attachment;
  /** In pixels, where there is space for it. */
  size: { width: number; height: number };
  onShow: () => void;
}

function ImageButton({ image, size: { width, height }, onShow }: ImageButtonProps) {
  const { file, isMissing, failed, loaded } = useShownFile(image);
  return (
    <button
      type="button"
      className="image"
      style={{ width, aspectRatio: `${width} / ${height}` }}
      onClick={onShow}
    >
      <span className="hidden">{strings.showImage} </span>
      {isMissing ? (
        <span className="image-missing">
          {textOf(image)}: {strings.fileMissing}
        </span>
      ) : (
        <img
          src={file.thumbnail_url ?? file.url}
          srcSet={sourceSet(file)}
          sizes={`${width}px`}
          alt={textOf(image)}
          decoding="async"
          // It would be dropped as a file.
          draggable={false}
          onError={failed}
          onLoad={loaded}
        />
      )}
    </button>
  );
}

/** Returns the size in which an image fits, without enlarging it, but large enough to be hit. */
function sizeOf(image: Attachment): { width: number; height: number } {
  const { width = 0, height = 0 } = image.width === undefined ? (localSizeOf(image.url) ?? {}) : image;
  if (width === 0 || height === 0) return square;
  const scale = Math.min(1, maxSize.width / width, maxSize.height / height);
  const fitted = (length: number): number => Math.max(minSide, Math.round(length * scale));
  return { width: fitted(width), height: fitted(height) };
}
