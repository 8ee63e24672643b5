/** The thread in which LightGBM grows forests. */
import { lightGbmBackend } from '../lightgbm/backend.ts';
import { LightGbm } from '../lightgbm/lightgbm.ts';
import { serve } from '../worker/serve.ts';
import { trainForest } from './training.ts';

serve(({ libraryPath = '' }) => lightGbmBackend(new LightGbm(libraryPath), trainForest));
