/** The thread in which LightGBM works. */
import { serve } from '../worker/serve.ts';
import { lightGbmBackend } from './backend.ts';
import { LightGbm } from './lightgbm.ts';
import { trainModel } from './training.ts';

serve(({ libraryPath = '' }) => lightGbmBackend(new LightGbm(libraryPath), trainModel));
