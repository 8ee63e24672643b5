/** The thread in which XGBoost works. */
import { serve } from '../worker/serve.ts';
import { xgboostBackend } from './backend.ts';
import { Xgboost } from './xgboost.ts';

serve(({ libraryPath = '' }) => xgboostBackend(new Xgboost(libraryPath)));
