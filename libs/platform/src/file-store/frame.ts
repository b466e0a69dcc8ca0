import { crc32 } from 'node:zlib';

/**
 * A frame is what one fsync makes safe: a header of fixed length, then its lines, each ending in a newline.
 *
 *   #frame FIRST-LINE COUNT BYTES CRC-OF-LINES CRC-OF-HEADER
 *
 * Every line of the file that is not a header begins with `{`, so a header is told apart wherever one starts reading.
 * CRC-32 finds what a crash or a failing disk did; what a person did is found by the chain of the records.
 */
export interface FrameHeader {
  readonly first: number;
  readonly count: number;
  /** Of the lines, without the header. */
  readonly bytes: number;
  readonly crc: number;
}

export const FRAME_MARK = Buffer.from('#frame ');

const hex = (crc: number): string => crc.toString(16).padStart(8, '0');

function headerText({ first, count, bytes, crc }: FrameHeader): string {
  const fields = `#frame ${String(first).padStart(16, '0')} ${String(count).padStart(6, '0')} ${String(bytes).padStart(12, '0')} ${hex(crc)} `;
  return `${fields}${hex(crc32(fields))}\n`;
}

export const HEADER_BYTES = headerText({ first: 0, count: 0, bytes: 0, crc: 0 }).length;

/** The frame of these lines, of which the first has that number. */
export function encodeFrame(first: number, lines: readonly string[]): Buffer {
  const body = `${lines.join('\n')}\n`;
  const bytes = Buffer.byteLength(body);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + bytes);
  frame.write(body, HEADER_BYTES);
  const crc = crc32(frame.subarray(HEADER_BYTES));
  frame.write(headerText({ first, count: lines.length, bytes, crc }), 0);
  return frame;
}

const HEADER = /^#frame (\d{16}) (\d{6}) (\d{12}) ([0-9a-f]{8}) [0-9a-f]{8}\n$/;

/** The header that these bytes are; null when they are none. */
export function decodeHeader(bytes: Uint8Array): FrameHeader | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const fields = HEADER.exec(text);
  if (fields === null) return null;
  const header = {
    first: Number(fields[1]),
    count: Number(fields[2]),
    bytes: Number(fields[3]),
    crc: Number.parseInt(fields[4] ?? '', 16),
  };
  return headerText(header) === text ? header : null;
}

/** Whether these are the very lines that the header was made of. */
export function isBodyOf(header: FrameHeader, body: Uint8Array): boolean {
  return body.length === header.bytes && crc32(body) === header.crc;
}
