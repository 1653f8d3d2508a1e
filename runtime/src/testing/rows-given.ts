import Database from "better-sqlite3";

/** Counts the rows that SQLite's statements of this thread give; what it gives tells how many since it was last asked. */
export function countRows(): () => number {
  const memory = new Database(":memory:");
  const statement = Object.getPrototypeOf(memory.prepare("SELECT 1")) as Database.Statement;
  memory.close();
  const { all, get } = statement;
  let given = 0;
  statement.all = function (this: Database.Statement, ...args) {
    const found = all.apply(this, args);
    given += found.length;
    return found;
  };
  statement.get = function (this: Database.Statement, ...args) {
    given += 1;
    return get.apply(this, args);
  };
  return () => {
    const since = given;
    given = 0;
    return since;
  };
}
