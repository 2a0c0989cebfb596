import assert from "node:assert/strict";
import { test } from "node:test";
import { find, type Places } from "../../src/logic/finding.ts";
import { steps } from "../../src/logic/installing.ts";

function places(there: string[], more: Partial<Places> = {}): Places {
  return {
    setting: "",
    project: "/project/.venv",
    path: "/usr/local/bin:bin:/usr/bin",
    private: "/storage/server-1",
    home: "/home/me",
    windows: false,
    isProgram: async (file) => there.includes(file),
    ...more,
  };
}

const EVERYWHERE = [
  "/project/.venv/bin/codearch",
  "bin/codearch",
  "/usr/bin/codearch",
  "/storage/server-1/bin/codearch",
];

test("a setting comes first, and is not doubted", async () => {
  const found = await find(places(EVERYWHERE, { setting: "~/tools/codearch " }));
  assert.deepEqual(found, { command: "/home/me/tools/codearch", source: "setting" });
});

test("then the project's environment, PATH, and our own", async () => {
  const order: string[] = [];
  let there = EVERYWHERE;
  for (;;) {
    const found = await find(places(there));
    if (!found) break;
    order.push(found.source);
    there = there.filter((each) => each !== found.command);
    if (order.length > 5) break;
  }
  assert.deepEqual(order, ["project", "path", "private"]);
});

test("a relative folder of PATH is not looked into: it would be the workspace's", async () => {
  assert.equal(await find(places(["bin/codearch"], { private: undefined })), undefined);
});

test("without an environment, as in an untrusted workspace, it is not looked for there", async () => {
  const found = await find(places(EVERYWHERE, { project: undefined }));
  assert.equal(found?.source, "path");
});

test("on Windows programs lie in Scripts", async () => {
  const command = "C:\\venv\\Scripts\\codearch.exe";
  const found = await find(places([command], { windows: true, project: "C:\\venv", path: "" }));
  assert.equal(found?.command, command);
});

const PLAN = { folder: "/s/new", requirement: "codearchaeologist>=1", windows: false };

test("installing with uv or venv, from the index or from wheels", () => {
  const lines = (plan: Parameters<typeof steps>[0]) =>
    steps(plan).map((step) => [step.command, ...step.arguments].join(" "));
  assert.deepEqual(lines({ ...PLAN, tool: "uv", program: "uv", wheels: "" }), [
    "uv venv --python >=3.11 /s/new",
    "uv pip install --python /s/new/bin/python codearchaeologist>=1",
  ]);
  assert.deepEqual(lines({ ...PLAN, tool: "venv", program: "python3", wheels: "/wheels" }), [
    "python3 -m venv /s/new",
    "/s/new/bin/python -m pip install --disable-pip-version-check --no-input --no-index --find-links /wheels codearchaeologist>=1",
  ]);
});
