// The limits of files. Written by `npm run documents`.

export const attachmentsPerMessage = 10;
export const attachmentBytes = 10485760;
export const pictureBytes = 1048576;
export const fileNameBytes = 255;
export const attachableHours = 12;
