/**
 * Registers a model set, makes it champion and rolls back, and kills itself on the way:
 * `killed-registrar.ts <models folder> <step>`.
 */
import { dieAtStep } from './dying-disk.ts';
import { registerPromoteRollBack } from './registrar.ts';

const [models = '', step = ''] = process.argv.slice(2);
dieAtStep(models, Number(step), () => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
});
await registerPromoteRollBack(models);
