/** What the tests of images call, bundled as a function is. */
export { rewriteImage, rewritePicture } from '../../../../../functions/uploads/images/rewrite-image.ts';
export { checkAttachment, checkPicture } from '../../../../../functions/uploads/check-file.ts';
