/** Something that is wrong with a data folder. */
export type Finding = {
  /** The file or folder, from the data folder on; "." is the folder itself. */
  readonly where: string;
  /** Without its full stop. */
  readonly what: string;
  /** One sentence. */
  readonly todo: string;
};

/** What to do about something that no program can mend. */
export const FROM_BACKUP = 'Put a backup in place of the folder ("parley restore" makes a new one of it).';
/** … and about something that is made of the log again. */
export const BUILT_ANEW = "Stop the server, delete the file with its -wal and -shm, and start: it is built anew.";
