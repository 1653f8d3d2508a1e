import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { scratch } from "../testing/server.js";
import { openDatabase } from "./database.js";

let folder: ReturnType<typeof scratch>;
beforeEach(() => {
  folder = scratch();
});
afterEach(() => folder.dispose());

it("a file of an older server gets the tables that it lacks, and keeps what it has", () => {
  const path = join(folder.path, "studio.db");
  const first = openDatabase(path);
  const tables = () => first.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all();
  const all = tables();
  first.exec(
    "DROP TABLE profile_picture; DROP TABLE person_limit; DROP TABLE saved_reply; DROP TABLE note; DROP TABLE profile",
  );
  first.exec("DROP TABLE delivery; DROP TABLE webhook");
  first.exec("DROP TABLE link_comment; DROP TABLE draft_link; DROP TABLE sent_conversation");
  first.exec("DROP TABLE picture_data; DROP TABLE picture; DROP TABLE picture_use; DROP TABLE erasure");
  first.exec("DROP TABLE read_mark; DROP TABLE available; DROP TABLE queue_member; DROP TABLE queue");
  first.exec("INSERT INTO flow (id, created) VALUES ('shop', 1)");
  first.pragma("user_version = 1");
  first.close();
  const second = openDatabase(path);
  expect(second.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all()).toEqual(all);
  expect(second.prepare("SELECT id FROM flow").all()).toEqual([{ id: "shop" }]);
  second.close();
});
