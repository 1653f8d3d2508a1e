import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import ts from "typescript";
import { afterEach, describe, expect, it } from "vitest";

/** As the build wrote it, ready to publish. */
const PACKAGE = join(import.meta.dirname, "../dist/npm");
const text = (file: string) => readFileSync(join(PACKAGE, file), "utf8");
const manifest = JSON.parse(text("package.json")) as {
  name: string;
  version: string;
  type: string;
  main: string;
  types: string;
  files: string[];
  license: string;
  sideEffects: boolean;
  private?: boolean;
  dependencies?: object;
  exports: Record<string, string | Record<string, string>>;
};
const files = readdirSync(PACKAGE);

const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanup.splice(0)) step();
});

/** Each module that a file imports. */
const importsOf = (file: string): string[] =>
  ts.preProcessFile(text(file), true, true).importedFiles.map(({ fileName }) => fileName);

describe("the package", () => {
  it("is clean by publint", async () => {
    // As it is packed: what `files` leaves out is not there.
    const { messages, pkg } = await publint({ pkgDir: PACKAGE, strict: true, level: "suggestion" });
    expect(pkg?.name).toBe("@parley/widget");
    expect(messages.map((message) => `${message.type} ${message.code} ${message.path.join(".")}`)).toEqual([]);
  });

  it("says what it is, and may be published", () => {
    expect(manifest).toMatchObject({
      name: "@parley/widget",
      type: "module",
      license: "Apache-2.0",
      sideEffects: false,
    });
    expect(manifest.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(manifest.private).toBeUndefined();
    // What it needs is in it.
    expect(manifest.dependencies).toBeUndefined();
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md"]));
  });

  it("exports what is there, types first, all of it ES modules", () => {
    const targets = Object.entries(manifest.exports).flatMap(([path, to]) => {
      if (typeof to === "string") return [to];
      expect(Object.keys(to), path).toEqual(["types", "default"]);
      expect(to.types!.replace(/\.d\.ts$/, ""), path).toBe(to.default!.replace(/\.js$/, ""));
      return Object.values(to);
    });
    for (const target of [...targets, manifest.main, manifest.types]) {
      expect(target).toMatch(/^\.\//);
      expect(existsSync(join(PACKAGE, target)), target).toBe(true);
    }
    expect(manifest.files).toEqual(["*.js", "*.d.ts"]);
    for (const file of files.filter((name) => name.endsWith(".js"))) {
      expect(text(file), file).not.toMatch(/\b(?:require|module\.exports|exports\.\w+ ?=)/);
      expect(/\b(?:import|export)\b/.test(text(file)), file).toBe(true);
    }
  });

  it("imports nothing but its own files, and react where that is asked for", () => {
    for (const file of files.filter((name) => /\.(?:js|d\.ts)$/.test(name))) {
      for (const name of importsOf(file)) {
        if (name === "react") expect(file).toMatch(/^react\./);
        else
          expect(
            existsSync(join(PACKAGE, name)) || existsSync(join(PACKAGE, name.replace(/\.js$/, ".d.ts"))),
            `${file}: ${name}`,
          ).toBe(true);
      }
    }
  });

  it("brings each language and the conversation only when they are needed", () => {
    const reached = new Set<string>();
    const visit = (file: string) => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const statement of text(file).matchAll(
        /(?:import|export)[^"'()]*?from\s*"\.\/([^"]+)"|import\s*"\.\/([^"]+)"/g,
      )) {
        visit((statement[1] ?? statement[2])!);
      }
    };
    visit("index.js");
    expect([...reached].filter((name) => /^(?:conversation|de|fr|es|pt|ar|ja|debug)/.test(name))).toEqual([]);
    for (const name of ["conversation", "de", "fr", "es", "pt", "ar", "ja", "debug"]) {
      expect(
        files.some((file) => file.startsWith(`${name}-`)),
        name,
      ).toBe(true);
    }
  });

  it("has types that a strict site compiles against, and that refuse what is wrong", () => {
    const site = mkdtempSync(join(tmpdir(), "parley-package-"));
    cleanup.push(() => rmSync(site, { recursive: true, force: true }));
    mkdirSync(join(site, "node_modules/@parley"), { recursive: true });
    symlinkSync(PACKAGE, join(site, "node_modules/@parley/widget"));
    writeFileSync(
      join(site, "right.ts"),
      `import { mount, type Handle } from "@parley/widget";
       import { ParleyChat, type ParleyChatProps } from "@parley/widget/react";
       const chat: Handle = mount({ flow: "tea", server: "https://bots.example", mode: "inline", target: "#x", identity: async () => "jwt" });
       const off: () => void = chat.on("answer", ({ message, seq }) => console.log(message.content?.length, seq + 1));
       const props: ParleyChatProps = { flow: "tea", server: "https://bots.example", onEnd: ({ flow }) => flow.length };
       export { chat, off, props, ParleyChat };`,
    );
    writeFileSync(
      join(site, "wrong.ts"),
      `import { mount } from "@parley/widget";
       mount({ flow: "tea" });
       mount({ flow: "tea", server: "https://bots.example", mode: "corner" });
       mount({ flow: "tea", server: "https://bots.example" }).on("nothing", () => undefined);`,
    );
    const program = ts.createProgram([join(site, "right.ts"), join(site, "wrong.ts")], {
      strict: true,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
      types: [],
    });
    const problems = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => ({
      file: file?.fileName.split("/").at(-1),
      text: ts.flattenDiagnosticMessageText(messageText, " "),
    }));
    expect(problems.filter(({ file }) => file !== "wrong.ts")).toEqual([]);
    expect(problems.filter(({ file }) => file === "wrong.ts")).toHaveLength(3);
  });
});
