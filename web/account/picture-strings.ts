/** The texts of the user's picture, which are loaded with the account. */
export const pictureStrings = {
  picture: 'Picture',
  choosePicture: 'Choose a picture',
  changePicture: 'Change the picture',
  removePicture: 'Remove the picture',
  confirmRemovePicture: 'Remove your picture? Others see your initials.',
  pictureSaved: 'Saved',
  pictureRemoved: 'Removed',
  cropPicture: 'Crop the picture',
  /** Of the square, which is drawn: the keys are part of its name. */
  cropView: 'Part of the picture that is shown. Arrow keys move it, plus and minus zoom.',
  cropHint: 'Drag to move. Zoom with the wheel, two fingers, or the keys + and −.',
  zoom: 'Zoom',
  acceptPicture: 'Use this picture',
  uploadingPicture: 'Uploading …',
  unreadablePicture: 'This file cannot be read as an image. Choose a JPEG, PNG or WebP.',
} as const;
