/**
 * Loaded before a program (`node --import`): its clock begins at the instant that `CLOCK_BEGINS` names and goes on from
 * there, so that what depends on the day is the same on every day.
 */
const begins = Date.parse(process.env['CLOCK_BEGINS'] ?? '');
const MachineDate = Date;
const offset = begins - MachineDate.now();

globalThis.Date = class extends MachineDate {
  constructor(...parts) {
    if (parts.length === 0) super(MachineDate.now() + offset);
    else super(...parts);
  }
  static now() {
    return MachineDate.now() + offset;
  }
};
