import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { holderOf } from "../data-folder.js";
import { reason } from "../errors.js";
import { examineDatabases, reading } from "./databases.js";
import { examineDerived } from "./derived-files.js";
import { type Finding, FROM_BACKUP } from "./finding.js";
import { examineFiles, type FilesOptions } from "./folder-files.js";
import { examineRecords, examineVersions } from "./log-records.js";
import { examineStudio } from "./studio-references.js";

export type ExaminedFolder = {
  /** Who holds it, in words; undefined: nobody. */
  readonly holder: string | undefined;
  readonly findings: readonly Finding[];
};

/** Looks at a data folder, also while a server works in it: nothing is changed. A folder that is not there has nothing wrong. */
export function examineFolder(folder: string, options: FilesOptions): ExaminedFolder {
  if (!existsSync(folder)) return { holder: undefined, findings: [] };
  if (!statSync(folder).isDirectory()) {
    return { holder: undefined, findings: [{ where: ".", what: "it is no folder", todo: "Name the data folder." }] };
  }
  const findings: Finding[] = [];
  try {
    findings.push(...examineFiles(folder, options));
  } catch (cause) {
    const todo = "Run this as the user that the server runs as.";
    return { holder: undefined, findings: [{ where: ".", what: `it cannot be read (${reason(cause)})`, todo }] };
  }
  const databases = examineDatabases(folder);
  findings.push(...databases.findings);
  const look = (name: string, ...examine: readonly ((db: Parameters<typeof examineRecords>[0]) => Finding[])[]) => {
    if (!databases.sound.includes(name)) return;
    try {
      reading(join(folder, name), (db) => {
        for (const one of examine) findings.push(...one(db));
      });
    } catch (cause) {
      findings.push({ where: name, what: `it cannot be read (${reason(cause)})`, todo: FROM_BACKUP });
    }
  };
  look("log.db", examineRecords, examineVersions);
  look("studio.db", examineStudio);
  findings.push(...examineDerived(folder, databases.sound));
  return { holder: holderOf(folder), findings };
}
