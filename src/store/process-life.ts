/** Whether a process of this machine is there. */
export function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // Of another user: it is there, but may not be signalled.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
