/** The dialog in which the user chooses the square of an image that becomes their picture. */
import { useEffect, useId, useRef, useState } from 'react';
import { Problem } from '../problem.tsx';
import { strings } from '../strings.ts';
import { pictureStrings } from './picture-strings.ts';
import { largestArea, zoomedArea, zoomLimit, zoomOf, type CropArea } from './crop-area.ts';
import { drawArea, readImage, writePicture } from './picture-file.ts';
import { useCropGestures } from './use-crop-gestures.ts';

export interface PictureCropProps {
  file: Blob;
  /** Called with a JPEG of at most 1 MiB. The dialog stays open until the promise is settled. */
  onDone: (picture: Blob) => Promise<void>;
  /** Why the picture could not be stored. */
  problem: string | undefined;
  onClose: () => void;
}

export function PictureCrop({ file, onDone, problem, onClose }: PictureCropProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const [image, setImage] = useState<ImageBitmap>();
  const [isUnreadable, setUnreadable] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    let isCurrent = true;
    const reading = readImage(file);
    reading.then(
      (read) => isCurrent && setImage(read),
      () => isCurrent && setUnreadable(true),
    );
    return () => {
      isCurrent = false;
      // Its pixels would stay in memory until they are collected.
      void reading.then((read) => read.close()).catch(() => undefined);
    };
  }, [file]);
  return (
    <dialog ref={dialog} className="dialog crop" aria-labelledby={titleId} onClose={onClose}>
      <header className="bar">
        <h2 id={titleId}>{pictureStrings.cropPicture}</h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          {strings.cancel}
        </button>
      </header>
      <div className="sections">
        {image !== undefined && <Square image={image} onDone={onDone} />}
        <Problem text={isUnreadable ? pictureStrings.unreadablePicture : problem} />
      </div>
    </dialog>
  );
}

/** In pixels of the canvas, which the style sheet shows at half of it. */
const viewSide = 576;
const previews = [160, 72] as const;

function Square({ image, onDone }: { image: ImageBitmap; onDone: PictureCropProps['onDone'] }) {
  const view = useRef<HTMLDivElement>(null);
  const [area, setArea] = useState(() => largestArea(image));
  const [isSaving, setSaving] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const gestures = useCropGestures(view, image, setArea);

  async function save(): Promise<void> {
    setSaving(true);
    const picture = await writePicture(image, area);
    setRefused(picture === undefined);
    if (picture !== undefined) await onDone(picture);
    setSaving(false);
  }

  return (
    <>
      {/* oxlint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions -- An
          application takes keys itself, and its description names them. */}
      <div
        ref={view}
        className="crop-view"
        role="application"
        tabIndex={0}
        aria-label={pictureStrings.cropView}
        onKeyDown={gestures.keyPressed}
        onPointerDown={gestures.pointerPressed}
        onPointerMove={gestures.pointerMoved}
        onPointerUp={gestures.pointerReleased}
        onPointerCancel={gestures.pointerReleased}
      >
        <AreaCanvas image={image} area={area} side={viewSide} />
      </div>
      {/* oxlint-enable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */}
      <p className="hint">{pictureStrings.cropHint}</p>
      <label className="zoom">
        {pictureStrings.zoom}
        <input
          type="range"
          min={1}
          max={zoomLimit(image)}
          step={0.01}
          disabled={zoomLimit(image) === 1}
          value={zoomOf(image, area)}
          onChange={({ target }) => setArea((now) => zoomedArea(image, now, Number(target.value)))}
        />
      </label>
      <div className="row crop-end">
        <span className="crop-previews" aria-hidden="true">
          {previews.map((side) => (
            <AreaCanvas key={side} image={image} area={area} side={side} />
          ))}
        </span>
        <button type="button" className="primary" disabled={isSaving} onClick={() => void save()}>
          {isSaving ? pictureStrings.uploadingPicture : pictureStrings.acceptPicture}
        </button>
      </div>
      <Problem text={isRefused ? pictureStrings.unreadablePicture : undefined} />
    </>
  );
}

function AreaCanvas({ image, area, side }: { image: ImageBitmap; area: CropArea; side: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current !== null) drawArea(canvas.current, image, area);
  }, [image, area]);
  return <canvas ref={canvas} width={side} height={side} data-side={side} />;
}
