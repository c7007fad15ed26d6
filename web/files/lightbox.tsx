/** Shows one image in the whole window, and leads to its neighbors. */
import type { Attachment } from 'serverless-chat-client';
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { strings } from '../strings.ts';
import { sizedUrl, textOf } from './attachment.ts';
import { DownloadLink } from './download-link.tsx';
import type { ShownImage } from './shown-images.ts';
import { useShownFile } from './use-shown-file.ts';
import { useSwipe } from './use-swipe.ts';

export interface LightboxProps {
  /** In the order in which the arrows lead through them. */
  images: readonly ShownImage[];
  /** The image that is shown first. */
  startId: string;
  onClose: () => void;
}

export function Lightbox({ images, startId, onClose }: LightboxProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState({ id: startId, index: 0 });
  const [isFull, setFull] = useState(false);
  const found = images.findIndex(({ attachment }) => attachment.attachment_id === shown.id);
  // An image that was deleted while it is shown makes room for the one after it.
  const index = found === -1 ? Math.min(shown.index, images.length - 1) : found;
  const image = images[index];
  // A modal dialog keeps the focus, ends with the Escape key, and gives the focus back.
  useEffect(() => dialog.current?.showModal(), []);
  // The keys that scroll are for the element with the focus.
  useEffect(() => {
    if (isFull) stage.current?.focus();
  }, [isFull]);
  const isEmpty = image === undefined;
  useEffect(() => {
    if (isEmpty) dialog.current?.close();
  }, [isEmpty]);

  function show(next: number): void {
    const target = images[next];
    if (target === undefined) return;
    setShown({ id: target.attachment.attachment_id, index: next });
    setFull(false);
  }

  const swipe = useSwipe((step) => show(index + step));

  function keyPressed(event: KeyboardEvent): void {
    const next = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: images.length - 1 }[event.key];
    // In full size, the arrows scroll.
    if (next === undefined || isFull) return;
    event.preventDefault();
    show(next);
  }

  function clicked({ target, currentTarget }: MouseEvent): void {
    if (target === currentTarget) dialog.current?.close();
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Keys and clicks beside the image; buttons do the same.
    <dialog
      ref={dialog}
      className="lightbox"
      aria-label={strings.images}
      onClose={onClose}
      onKeyDown={keyPressed}
    >
      {image !== undefined && (
        <>
          <header>
            <p className="lightbox-title" aria-live="polite">
              <b>{textOf(image.attachment)}</b>
              <small>
                {strings.imageOf(index + 1, images.length)} · {image.sender},{' '}
                {new Date(image.timestamp).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}
              </small>
            </p>
            <button type="button" aria-pressed={isFull} onClick={() => setFull(!isFull)}>
              {isFull ? strings.fitImage : strings.fullImage}
            </button>
            <DownloadLink attachment={image.attachment}>{strings.download}</DownloadLink>
            <button type="button" onClick={() => dialog.current?.close()}>
              {strings.close}
            </button>
          </header>
          {/* oxlint-disable jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-tabindex --
              The button that closes does the same as the click, and what scrolls takes the keys that scroll. */}
          <div
            ref={stage}
            className="lightbox-stage"
            data-full={isFull}
            tabIndex={isFull ? 0 : undefined}
            onClick={clicked}
            {...(isFull ? {} : swipe)}
          >
            <Picture
              key={image.attachment.attachment_id}
              attachment={image.attachment}
              isFull={isFull}
              onToggle={() => setFull(!isFull)}
            />
          </div>
          {/* oxlint-enable jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-tabindex */}
          <Arrow
            label={strings.previousImage}
            sign="‹"
            isDisabled={index === 0}
            onClick={() => show(index - 1)}
          />
          <Arrow
            label={strings.nextImage}
            sign="›"
            isDisabled={index === images.length - 1}
            onClick={() => show(index + 1)}
          />
          <Neighbors images={[images[index - 1], images[index + 1]]} />
        </>
      )}
    </dialog>
  );
}

/** What the window shows of an image: as large as fits, or every pixel. */
function Picture({ attachment, isFull, onToggle }: PictureProps) {
  const { file, isMissing, failed, loaded } = useShownFile(attachment);
  const { url, width, height, type } = file;
  if (isMissing) return <p className="image-missing">{strings.fileMissing}</p>;
  // The smaller sizes of an animation stand still.
  const src = isFull || type === 'image/gif' ? url : sizedUrl(file, 1280);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- A button above does the same.
    <img
      src={src}
      width={width}
      height={height}
      alt={textOf(attachment)}
      draggable={false}
      onClick={onToggle}
      onError={failed}
      onLoad={loaded}
    />
  );
}

interface PictureProps {
  attachment: Attachment;
  isFull: boolean;
  onToggle: () => void;
}

interface ArrowProps {
  label: string;
  sign: string;
  isDisabled: boolean;
  onClick: () => void;
}

/** Keeps the focus when it leads no further. */
function Arrow({ label, sign, isDisabled, onClick }: ArrowProps) {
  return (
    <button type="button" className="arrow" aria-label={label} aria-disabled={isDisabled} onClick={onClick}>
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}

/** Loads the images to which the arrows lead. */
function Neighbors({ images }: { images: readonly (ShownImage | undefined)[] }) {
  return (
    <div hidden>
      {images.map(
        (image) =>
          image !== undefined && (
            <img key={image.attachment.attachment_id} src={sizedUrl(image.attachment, 1280)} alt="" />
          ),
      )}
    </div>
  );
}
