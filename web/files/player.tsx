/** Plays the sound or video of a message. */
import type { Attachment } from 'serverless-chat-client';
import { strings } from '../strings.ts';
import { kindOf, sizeText } from './attachment.ts';
import { useShownFile } from './use-shown-file.ts';

export function Player({ attachment }: { attachment: Attachment }) {
  const { file, isMissing, failed, loaded } = useShownFile(attachment);
  const { name, size, url } = file;
  const kind = kindOf(file);
  const media = {
    src: isMissing ? undefined : url,
    controls: true,
    preload: 'metadata',
    'aria-label': kind === 'video' ? strings.video(name) : strings.sound(name),
    onError: failed,
    onLoadedMetadata: loaded,
  };
  return (
    <figure className="player">
      {/* oxlint-disable jsx-a11y/media-has-caption -- Users' own recordings have none. */}
      {kind === 'video' ? <video {...media} playsInline /> : <audio {...media} />}
      {/* oxlint-enable jsx-a11y/media-has-caption */}
      <figcaption>
        <span className="file-name">{name}</span>{' '}
        <small>{isMissing ? strings.fileMissing : sizeText(size)}</small>
      </figcaption>
    </figure>
  );
}
