/** Files of runs and model versions on the server: up from disk, and down again without trusting their names. */
import { createReadStream } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { HoldfastError } from '../kernel/index.ts';
import { ArtifactsAnswer, Nothing } from './answers.ts';
import { readerOf } from './api.ts';
import { chunksOf, type Connection } from './connection.ts';
import type { Deadline } from './deadline.ts';
import { unusable } from './failure.ts';
import { artifactParts, isSafePart } from './names.ts';

/** One file to go along with a run: its content, or where it lies. */
export type Artifact =
  | { readonly path: string; readonly content: Uint8Array | string }
  | { readonly path: string; readonly file: string };

/** What went up or came down. */
export interface Transfer {
  readonly files: number;
  readonly bytes: number;
}

/** How much a download may take; more is HF703. */
export interface DownloadLimits {
  readonly bytes: number;
  /** Files and folders together. Default 1,000. */
  readonly entries?: number;
}

const DEFAULT_ENTRIES = 1000;
const DEEPEST = 16;

/** A folder of artifacts on the server, as its path parts below the proxy. */
export type ArtifactRoot = readonly string[];

/**
 * The folder that an artifact address names. HF703 where the server does not pass artifacts on itself, since Holdfast
 * has no access to the storage behind it.
 */
export function artifactRoot(address: string): ArtifactRoot {
  const proxied = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*?)\/*$/.exec(address)?.[1];
  if (proxied === undefined)
    throw unusable(
      `the tracking server keeps artifacts at ${/^[a-z0-9+.-]*:?/i.exec(address)?.[0] ?? ''}, where only itself can go`,
      'start the server with --artifacts-destination (and without --no-serve-artifacts), so that it passes artifacts on',
    );
  return artifactParts(proxied);
}

/** Uploads one artifact below a root. */
export async function uploadArtifact(
  connection: Connection,
  root: ArtifactRoot,
  artifact: Artifact,
): Promise<number> {
  const target = urlOf([...root, ...artifactParts(artifact.path)]);
  const size = 'file' in artifact ? await sizeOf(artifact.file) : Buffer.byteLength(artifact.content);
  await connection.send(
    {
      method: 'PUT',
      path: target,
      // Without its length a body would come in chunks, which not every server in between takes.
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
      body: (deadline) => ('file' in artifact ? fileBody(artifact.file, deadline) : artifact.content),
    },
    readerOf(connection.address, Nothing),
  );
  return size;
}

/** Uploads the files of a folder and its folders, in the order of their names. */
export async function uploadFolder(
  connection: Connection,
  root: ArtifactRoot,
  folder: string,
): Promise<Transfer> {
  let files = 0;
  let bytes = 0;
  for (const name of await filesBelow(folder)) {
    bytes += await uploadArtifact(connection, root, {
      path: name,
      file: path.join(folder, ...name.split('/')),
    });
    files++;
  }
  if (files > 0) return { files, bytes };
  throw new HoldfastError('HF108', {
    message: `there is nothing to upload: ${folder} holds no files`,
    hint: 'run the step that makes the folder',
    place: { file: folder },
  });
}

/**
 * Downloads all below a root into a folder that is not there yet or is empty; it appears as a whole or not at all.
 *
 * @throws HF703 a name that leads elsewhere, more than the limits, or nothing there; HF108 the folder holds something.
 */
export async function downloadFolder(
  connection: Connection,
  root: ArtifactRoot,
  into: string,
  limits: DownloadLimits,
): Promise<Transfer> {
  const folder = path.resolve(into);
  await requireEmpty(folder);
  const staged = `${folder}.${process.pid}.staged`;
  await rm(staged, { recursive: true, force: true });
  await mkdir(staged, { recursive: true });
  try {
    const left = { bytes: limits.bytes, entries: limits.entries ?? DEFAULT_ENTRIES };
    const transfer = await downloadLevel(connection, root, staged, left, 0);
    if (transfer.files === 0)
      throw unusable(
        `the tracking server holds no files at ${root.join('/')}`,
        'look on the server whether the artifacts of the run or version are still there',
      );
    await requireEmpty(folder);
    // Not every system lets a folder take the place of an empty one.
    await rmdir(folder).catch(() => undefined);
    await rename(staged, folder);
    return transfer;
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

/** What is left of the limits; counted down by what comes in. */
interface Allowance {
  bytes: number;
  entries: number;
}

async function downloadLevel(
  connection: Connection,
  root: ArtifactRoot,
  folder: string,
  left: Allowance,
  depth: number,
): Promise<Transfer> {
  if (depth > DEEPEST) throw tooMuch(`folders within folders, ${DEEPEST} deep`);
  const { files: entries } = await connection.send(
    { method: 'GET', path: ARTIFACTS, query: { path: root.join('/') } },
    readerOf(connection.address, ArtifactsAnswer),
  );
  let files = 0;
  let bytes = 0;
  for (const { path: name, is_dir: isFolder, file_size: size = 0 } of entries) {
    if (!isSafePart(name))
      throw unusable(
        `the tracking server names an artifact ${JSON.stringify(name.slice(0, 100))}, which leads elsewhere`,
        'do not use this server, or the run: no such name can come from an upload',
      );
    if (--left.entries < 0) throw tooMuch('more files');
    if (size > left.bytes) throw tooMuch(`more bytes (${name} has ${size})`);
    const target = path.join(folder, name);
    if (isFolder) {
      await mkdir(target);
      const inside = await downloadLevel(connection, [...root, name], target, left, depth + 1);
      files += inside.files;
      bytes += inside.bytes;
    } else {
      const received = await downloadFile(connection, [...root, name], target, left.bytes);
      left.bytes -= received;
      files++;
      bytes += received;
    }
  }
  return { files, bytes };
}

/** Streams one file to disk; each try begins it anew. */
async function downloadFile(
  connection: Connection,
  root: ArtifactRoot,
  target: string,
  mostBytes: number,
): Promise<number> {
  // A second entry of the same name, to a file system that does not see the difference, must not replace the first.
  const handle = await open(target, 'wx');
  try {
    return await connection.send({ method: 'GET', path: urlOf(root) }, async (response, deadline) => {
      await handle.truncate(0);
      let received = 0;
      for await (const chunk of chunksOf(response, deadline)) {
        if (received + chunk.length > mostBytes) throw tooMuch(`more bytes (in ${root.at(-1) ?? ''})`);
        await writeFully(handle, chunk, received);
        received += chunk.length;
      }
      return received;
    });
  } finally {
    await handle.close();
  }
}

async function writeFully(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.length;)
    done += (await handle.write(chunk, done, chunk.length - done, position + done)).bytesWritten;
}

const ARTIFACTS = 'api/2.0/mlflow-artifacts/artifacts';

function urlOf(parts: ArtifactRoot): string {
  return [ARTIFACTS, ...parts.map(encodeURIComponent)].join('/');
}

function tooMuch(what: string): HoldfastError {
  return unusable(
    `the tracking server holds ${what} than may be downloaded`,
    'look on the server whether this is the run or version that was meant',
  );
}

/** The content of a file as a body; what is read from disk counts as moved. */
function fileBody(file: string, deadline: Deadline): ReadableStream {
  return ReadableStream.from(
    (async function* () {
      // Opened by the first look at it: a connection that fails must leave no open file behind.
      const chunks = createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
      for await (const chunk of chunks) {
        deadline.moved(chunk.length);
        yield new Uint8Array(chunk);
      }
    })(),
  );
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new HoldfastError('HF108', {
      message: 'the file that is to be uploaded is not there',
      hint: 'run the step that makes it',
      place: { file },
      cause,
    });
  });
  return found.size;
}

/** Paths of the files below a folder, with `/`, in the order of their names. Links and sockets are none. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new HoldfastError('HF108', {
      message: 'the folder that is to be uploaded is not there',
      hint: 'run the step that makes it',
      place: { file: folder },
      cause,
    });
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort((a, b) => (a < b ? -1 : 1));
}

async function requireEmpty(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined || (found.isDirectory() && (await readdir(folder)).length === 0)) return;
  throw new HoldfastError('HF108', {
    message: 'the folder to download into is not empty',
    hint: 'name another folder, or move this one away',
    place: { file: folder },
  });
}
