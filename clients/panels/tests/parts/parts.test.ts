import { describe, expect, test, vi } from "vitest";
import { Client } from "../../src/client.ts";
import type { Host } from "../../src/host/host.ts";
import { pieces } from "../../src/parts/code.tsx";
import { moved } from "../../src/parts/list.tsx";
import { parted, path, place, relative } from "../../src/parts/places.ts";

const range = (line: number, from: number, to: number) => ({
  start: { line, character: from },
  end: { line, character: to },
});

describe("code", () => {
  test("keeps every character, and cuts where colours and marks begin and end", () => {
    const text = "def pay(net):\n    return '<b>' + net\n";
    const found = pieces(text, "python", 10, [range(10, 4, 7), range(11, 12, 15)]);
    expect(found.map((each) => each.text).join("")).toBe(text);
    const marked = found.filter((each) => each.marked).map((each) => each.text);
    expect(marked.join("")).toBe("pay<b>");
    expect(found[0]).toEqual({ text: "def", kind: "hljs-keyword", marked: false });
  });

  test("shows a language that it does not know, and marks beyond the text, as they are", () => {
    const found = pieces("(defun a ())", "lisp", 0, [range(7, 0, 3)]);
    expect(found).toEqual([{ text: "(defun a ())", kind: "", marked: false }]);
  });
});

describe("places", () => {
  test("are read as people write them", () => {
    expect(path("file:///w/a%20b/%3Cimg%3E.py")).toBe("/w/a b/<img>.py");
    expect(path("file:///c:/w/a.py")).toBe("c:/w/a.py");
    expect(path("file:///w/%zz")).toBe("/w/%zz");
    expect(place("file:///w/a.py", range(4, 0, 1))).toBe("/w/a.py:5");
    expect(relative("file:///w/sub/a.py", ["/w", "/w/sub"])).toBe("a.py");
    expect(relative("file:///other/a.py", ["/w"])).toBe("/other/a.py");
    expect(parted("src/a/b.py")).toEqual({ folder: "src/a/", file: "b.py" });
  });
});

test("keys move within a list and never beyond it", () => {
  expect(moved("ArrowDown", 2, 3)).toBe(2);
  expect(moved("PageUp", 4, 20)).toBe(0);
  expect(moved("End", 0, 10_000)).toBe(9_999);
  expect(moved("a", 0, 3)).toBeUndefined();
});

describe("a client", () => {
  function pair() {
    const sent: unknown[] = [];
    let hear: Parameters<Host["listen"]>[0] = () => undefined;
    const host: Host = {
      tabs: false,
      edits: false,
      send: (message) => sent.push(message),
      listen: (heard) => {
        hear = heard;
      },
    };
    const heard = { show: vi.fn(), status: vi.fn(), changed: vi.fn(), recent: vi.fn() };
    return { client: new Client(host, heard), sent, heard, hear: () => hear };
  }

  test("gives each request its own answer, or what went wrong", async () => {
    const { client, hear } = pair();
    const first = client.ask("codearch.index.flush", {});
    const second = client.ask("codearch.index.flush", {});
    hear()({ type: "response", id: 2, error: { message: "It is paused.", code: -32803 } });
    hear()({ type: "response", id: 1, result: { generation: 3, tookMs: 1 } });
    await expect(first).resolves.toEqual({ generation: 3, tookMs: 1 });
    await expect(second).rejects.toThrow("It is paused.");
  });

  test("takes a request back, and drops its answer", async () => {
    const { client, sent, hear } = pair();
    const taken = new AbortController();
    const asked = client.ask("codearch.status", {}, taken.signal);
    taken.abort();
    await expect(asked).rejects.toThrow("taken back");
    expect(sent.at(-1)).toEqual({ type: "cancel", id: 1 });
    hear()({ type: "response", id: 1, error: { message: "late", code: 1 } });
  });
});
