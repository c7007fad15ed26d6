/** The files of a message: images, players for sound and video, and links to download the others. */
/* oxlint-disable jsx-a11y/media-has-caption -- The files are those of users, who add no captions. */
import type { Attachment } from '../../index.ts';
import { useAttachment } from '../use-attachment.ts';
import { sizeText } from './size-text.ts';
import type { ComponentStrings } from './strings.ts';

export interface AttachmentsProps {
  attachments: readonly Attachment[];
  strings: ComponentStrings;
}

/** What an image takes at most, in pixels. */
const maxImage = { width: 320, height: 320 };

export function Attachments({ attachments, strings }: AttachmentsProps) {
  if (attachments.length === 0) return null;
  return (
    <ul aria-label={strings.attachments} data-part="attachments" style={{ listStyle: 'none', padding: 0 }}>
      {attachments.map((attachment, index) => (
        // A file that is being sent has another id before.
        <li key={index} data-type={attachment.type}>
          <File attachment={attachment} strings={strings} />
        </li>
      ))}
    </ul>
  );
}

interface FileProps {
  attachment: Attachment;
  strings: ComponentStrings;
}

function File({ attachment, strings }: FileProps) {
  const fresh = useAttachment(attachment);
  const { name, type, size, url, alt, isGone, failed } = fresh;
  const [kind] = type.split('/');
  if (isGone)
    return (
      <span>
        {name}: {strings.attachmentGone}
      </span>
    );
  const label = alt ?? name;
  if (kind === 'image' && type !== 'image/svg+xml') return <Image image={fresh} onError={failed} />;
  if (kind === 'audio')
    return <audio controls preload="none" src={url} aria-label={label} onError={failed} />;
  if (kind === 'video')
    return (
      <video
        controls
        preload="metadata"
        src={url}
        aria-label={label}
        onError={failed}
        style={{ maxWidth: '100%', maxHeight: maxImage.height }}
      />
    );
  return (
    <a href={url} download={name}>
      {strings.download(name, sizeText(size))}
    </a>
  );
}

/** Takes its space before it is loaded, so that the list does not move. */
function Image({ image, onError }: { image: Attachment; onError: () => void }) {
  const { url, thumbnail_url: thumbnail, alt, name, width = 0, height = 0 } = image;
  const isSized = width > 0 && height > 0;
  const scale = Math.min(1, maxImage.width / width, maxImage.height / height);
  const space = isSized
    ? { width: Math.round(width * scale), height: 'auto', aspectRatio: `${width} / ${height}` }
    : { maxHeight: maxImage.height };
  return (
    <a href={url} target="_blank" rel="noreferrer">
      <img
        src={thumbnail ?? url}
        alt={alt ?? name}
        width={isSized ? width : undefined}
        height={isSized ? height : undefined}
        decoding="async"
        onError={onError}
        style={{ ...space, maxWidth: '100%', display: 'block' }}
      />
    </a>
  );
}
