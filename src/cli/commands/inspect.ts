import type { Command } from "commander";

export function addInspect(program: Command): void {
  program
    .command("inspect")
    .description("say what is in .unp files, without decoding them")
    .argument("<files...>", ".unp files, - for standard input")
    .option("--json", "print one JSON object instead of the tables", false)
    .addHelpText(
      "after",
      `
Every byte is read, and every checksum compared.

Examples:
  unpool inspect photo.unp
  unpool inspect codes/*.unp --json | jq '.files[] | {path, bytes}'
  unpool encode photo.jpg -o - --values int8 | unpool inspect -`,
    )
    .action(async (paths: string[], { json }: { json: boolean }, command: Command) => {
      const { inspect } = await import("../inspect.js");
      await inspect(paths, json, command);
    });
}
