export { workersOf } from './actor.ts';
export { buildServer, type Server } from './app.ts';
export { type KeyRing, openKeyRing } from './key-ring.ts';
export { openSessions, type Sessions } from './session.ts';
export { serve, type ServeOptions } from './serve.ts';
export type {
  PredictionEntry,
  PredictionRecorder,
  ServerLog,
  ServerParts,
  ServerSettings,
} from './settings.ts';
