/** The thread in which logistic regressions are fitted. */
import { serve } from '../worker/serve.ts';
import { logisticBackend } from './backend.ts';

serve(() => logisticBackend);
