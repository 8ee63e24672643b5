import koffi from 'koffi';

/** Deep enough for single-threaded parts of the libraries; koffi's default of 1 MiB is scant. */
const NATIVE_STACK_BYTES = 8 << 20;

/** What a thread must have said before it loads its first native library. */
export function prepareNativeCalls(): void {
  // Threads that spin while they wait make two of them ten times slower on a busy two-core machine.
  // The OpenMP runtime reads this when it is loaded; workers share the process's environment.
  process.env['OMP_WAIT_POLICY'] ??= 'passive';
  // Once a library is loaded, koffi takes no configuration, not even the one it has.
  if (koffi.config().sync_stack_size !== NATIVE_STACK_BYTES)
    koffi.config({ sync_stack_size: NATIVE_STACK_BYTES });
}
