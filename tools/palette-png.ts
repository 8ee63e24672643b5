/** Makes a PNG of a screen smaller: at most 256 colours, the most frequent ones, each pixel that of the nearest. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS_AT_MOST = 256;

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** Takes 8-bit RGB or RGBA without interlacing, as browsers write it; throws for others. Transparency is dropped. */
export function withPalette(png: Buffer): Buffer {
  const chunks = readChunks(png);
  const header = chunks.find(({ type }) => type === 'IHDR')?.data ?? Buffer.alloc(13);
  const [depth, kind, , , interlace] = header.subarray(8);
  if (depth !== 8 || (kind !== 2 && kind !== 6) || interlace !== 0)
    throw new Error('this is no plain RGB picture');
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const pixels = readPixels(inflateSync(packed), width, height, kind === 6 ? 4 : 3);
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = [...counts]
    .sort(([, left], [, right]) => right - left)
    .slice(0, COLOURS_AT_MOST)
    .map(([colour]) => colour);
  const indexOf = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const rows = Buffer.alloc(height * (width + 1));
  pixels.forEach((pixel, place) => {
    rows[place + Math.floor(place / width) + 1] = indexOf.get(pixel) ?? 0;
  });
  const newHeader = Buffer.from(header);
  newHeader[9] = 3;
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunkOf('IHDR', newHeader),
    chunkOf('PLTE', colours),
    chunkOf('IDAT', deflateSync(rows, { level: 9 })),
    chunkOf('IEND', Buffer.alloc(0)),
  ]);
}

function readChunks(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function chunkOf(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** Pixels as 0xRRGGBB, row by row, after the filters of each row are undone. */
function readPixels(bytes: Buffer, width: number, height: number, channels: number): Uint32Array {
  const stride = width * channels;
  const lines = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row++) {
    const filter = bytes[row * (stride + 1)] ?? 0;
    for (let column = 0; column < stride; column++) {
      const left = column < channels ? 0 : (lines[row * stride + column - channels] ?? 0);
      const up = row === 0 ? 0 : (lines[(row - 1) * stride + column] ?? 0);
      const corner =
        row === 0 || column < channels ? 0 : (lines[(row - 1) * stride + column - channels] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      lines[row * stride + column] = ((bytes[row * (stride + 1) + 1 + column] ?? 0) + guess) & 255;
    }
  }
  return Uint32Array.from({ length: width * height }, (_, place) => lines.readUIntBE(place * channels, 3));
}

/** The neighbour that is nearest to their plane (PNG specification, filter type 4). */
function paeth(left: number, up: number, corner: number): number {
  const plane = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(plane - left), Math.abs(plane - up), Math.abs(plane - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  palette.forEach((candidate, index) => {
    const red = (candidate >> 16) - (colour >> 16);
    const green = ((candidate >> 8) & 255) - ((colour >> 8) & 255);
    const blue = (candidate & 255) - (colour & 255);
    const distance = red * red + green * green + blue * blue;
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}
