import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkAll, committed, difference, type Row } from "./conformance/check.js";
import { HOSTS } from "./conformance/hosts/all.js";
import { installHosts } from "./conformance/install.js";
import { conformance } from "./conformance/program.js";
import { scalar, simd } from "./support.js";

const expected = committed();

test("both builds of the kernel give the committed digests", async () => {
  assert.equal(await conformance(simd.createLayer, simd.createNetwork), expected);
  assert.equal(await conformance(scalar.createLayer, scalar.createNetwork), expected);
});

test("every host that npm alone brings gives the committed digests, left to itself", async () => {
  installHosts();
  const rows = await checkAll(
    HOSTS.filter(({ from, tier }) => from === "npm" && !tier),
    expected,
  );
  const titles = (result: Row["result"]) => rows.filter((row) => row.result === result).map(title);
  const others = HOSTS.filter((host) => (host.from === "system" || host.tier) && host.find() !== undefined);
  console.log("");
  list("same digests", titles("same"));
  list("not found", titles("not found"));
  list(
    "found, for npm run conformance",
    others.map(({ name, tier, cpu }) => `${name} (${tier ?? cpu})`),
  );
  assert.equal(
    rows.filter(({ result }) => result === "different" || result === "failed"),
    [],
  );
});

test("a digest that differs, is missing or is new is named", () => {
  const name = Object.keys(expected)[7]!;
  const { [name]: _, ...missing } = expected;
  assert.is(difference(expected, expected), undefined);
  for (const other of [{ ...expected, [name]: "0" }, missing, { ...expected, total: "0" }]) {
    assert.match(
      difference(other, expected)!,
      other.total === "0" ? "total" : `1 of ${Object.keys(missing).length} digests, the first of "${name}"`,
    );
  }
});

function title({ host, version, tier }: Row): string {
  return [host, version, tier && `(${tier})`].filter(Boolean).join(" ");
}

function list(head: string, titles: readonly string[]): void {
  console.log(`${head}: ${titles.join(", ") || "none"}`);
}

test.run();
