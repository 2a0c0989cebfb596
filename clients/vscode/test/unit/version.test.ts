import assert from "node:assert/strict";
import { test } from "node:test";
import { fit, requirement } from "../../src/logic/version.ts";

const CASES: [string | undefined, string, string][] = [
  ["0.1.1", "0.1.1", "fits"],
  ["0.1.9", "0.1.1", "fits"],
  ["0.1.2.dev3+g1234", "0.1.1", "fits"],
  ["0.1.0", "0.1.1", "tooOld"],
  ["0.0.9", "0.1.1", "tooOld"],
  ["0.2.0", "0.1.1", "tooNew"],
  ["1.0.0", "0.1.1", "tooNew"],
  ["1.4.0", "1.2.0", "fits"],
  ["1.1.9", "1.2.0", "tooOld"],
  ["2.0", "1.2.0", "tooNew"],
  [undefined, "0.1.1", "unknown"],
  ["main", "0.1.1", "unknown"],
];

for (const [server, oldest, expected] of CASES) {
  test(`a server ${server} for ${oldest} or later: ${expected}`, () => {
    assert.equal(fit(server, oldest), expected);
  });
}

test("what is installed fits", () => {
  assert.equal(requirement("0.1.1"), "codearchaeologist>=0.1.1,<0.2");
  assert.equal(requirement("1.2.3"), "codearchaeologist>=1.2.3,<2");
});
