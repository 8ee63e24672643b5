export { commandsPage } from './reference.ts';
export { main, runProcess } from './main.ts';
export type { OutputStream, Terminal } from './terminal.ts';
