import type { FileHandle } from 'node:fs/promises';

/** One line of a file, as bytes. */
export interface Line {
  /** From 1. */
  number: number;
  /** Where its first byte is in the file. */
  offset: number;
  bytes: Uint8Array;
  /** Longer than a resource can be: its bytes were not kept. */
  tooLong: boolean;
}

/** Larger than any resource that the hub takes. */
export const longestLine = 64 * 1024 * 1024;

/**
 * The lines of a file, one at a time, whatever its size. Node's own `readline` also breaks at U+2028, which may
 * stand in a JSON string, and does not say where a line is.
 */
export async function* linesOf(handle: FileHandle, blockSize = 1024 * 1024): AsyncGenerator<Line> {
  const block = Buffer.allocUnsafe(blockSize);
  let parts: Buffer[] = [];
  let length = 0;
  let offset = 0;
  let number = 1;
  const line = (): Line => {
    const tooLong = length > longestLine;
    return { number, offset, bytes: tooLong ? new Uint8Array() : Buffer.concat(parts), tooLong };
  };
  const keep = (bytes: Buffer): void => {
    length += bytes.length;
    if (length > longestLine) parts = [];
    // The block is read into again: what stays needs a copy.
    else if (bytes.length > 0) parts.push(Buffer.from(bytes));
  };
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(block, 0, blockSize, position);
    if (bytesRead === 0) break;
    let start = 0;
    for (let end = block.indexOf(10, start); end >= 0 && end < bytesRead; end = block.indexOf(10, start)) {
      keep(block.subarray(start, end));
      yield line();
      offset += length + 1;
      parts = [];
      length = 0;
      number += 1;
      start = end + 1;
    }
    keep(block.subarray(start, bytesRead));
    position += bytesRead;
  }
  if (length > 0) yield line();
}

/** The bytes of a line met before. */
export async function lineAt(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length);
  const { bytesRead } = await handle.read(bytes, 0, length, offset);
  if (bytesRead !== length) throw new Error('a file that is being imported has become shorter');
  return bytes;
}
