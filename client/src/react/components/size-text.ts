/** The size of a file in words. */

const units = ['bytes', 'KB', 'MB'];

/** Returns a size such as `1.4 MB`. */
export function sizeText(bytes: number): string {
  if (bytes === 1) return '1 byte';
  const power = bytes < 1_000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const value = bytes / 1_000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}
