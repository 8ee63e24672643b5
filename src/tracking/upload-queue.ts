/** Uploads that wait for a server: what a run could not send is not lost with the process. */
import path from 'node:path';
import type { Json } from '../kernel/index.ts';
import { openAppendLog } from '../store/index.ts';

/** One upload that has not arrived yet. */
export interface PendingUpload {
  /** The same for the same upload, so that queueing it twice sends it once. */
  readonly id: string;
  readonly kind: 'run' | 'set';
  /** What is needed to make the upload from the workspace: names and versions, never the files themselves. */
  readonly payload: Json;
  /** ISO time. */
  readonly queuedAt: string;
}

/** Uploads of one workspace. Several processes may use it: what two send at once is found by its content. */
export interface UploadQueue {
  /** What has not been sent, oldest first. */
  pending(): Promise<readonly PendingUpload[]>;
  /** On disk when this is done. An upload that is waiting already is not queued again. */
  add(upload: PendingUpload): Promise<void>;
  /** The upload has arrived; an id that is not waiting is no error. */
  done(id: string): Promise<void>;
}

type QueueLine =
  ({ readonly event: 'queued' } & PendingUpload) | { readonly event: 'done'; readonly id: string };

/** Opens the queue in the state folder, `uploads.jsonl`; the file appears with the first upload. */
export function openUploadQueue(stateFolder: string): UploadQueue {
  const log = openAppendLog<QueueLine>(path.join(stateFolder, 'uploads.jsonl'));
  const waiting = async (): Promise<Map<string, PendingUpload>> => {
    const uploads = new Map<string, PendingUpload>();
    for (const line of await log.read()) {
      if (line.event === 'done') uploads.delete(line.id);
      else if (!uploads.has(line.id)) {
        const { event: _event, ...upload } = line;
        uploads.set(line.id, upload);
      }
    }
    return uploads;
  };
  return {
    pending: async () => [...(await waiting()).values()],
    async add(upload) {
      if (!(await waiting()).has(upload.id)) await log.append({ event: 'queued', ...upload });
    },
    async done(id) {
      if ((await waiting()).has(id)) await log.append({ event: 'done', id });
    },
  };
}
