/** Plays the sound or video of a message. */
import type { Attachment } from 'serverless-chat-client';
import { strings } from '../strings.ts';
import { kindOf, sizeText } from './attachment.ts';

/* oxlint-disable jsx-a11y/media-has-caption -- Users' own recordings have none; their description is the label. */
export function Player({ attachment }: { attachment: Attachment }) {
  const { name, size, url } = attachment;
  return (
    <figure className="player" data-kind={kindOf(attachment)}>
      {kindOf(attachment) === 'video' ? (
        <video src={url} controls playsInline preload="metadata" aria-label={strings.video(name)} />
      ) : (
        <audio src={url} controls preload="metadata" aria-label={strings.sound(name)} />
      )}
      <figcaption>
        <span className="file-name">{name}</span> <small>{sizeText(size)}</small>
      </figcaption>
    </figure>
  );
}
/* oxlint-enable jsx-a11y/media-has-caption */
